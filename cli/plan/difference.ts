// The difference between what is applied and what would be, as data that is printed, written as JSON, and hashed. What
// is hashed is what applying would do to people; who merely moves along on an unchanged step is no part of it, else no
// plan of a busy ledger could be carried out. Time alone is none either: `leave` may grow while a plan is read.
import { hashJson } from '../../engine/hash.ts';
import type { Passage, Plan } from '../../engine/plan.ts';
import { type PeopleChange, stepsDiff } from '../../engine/plan-diff.ts';
import type { Json } from '../../engine/step.ts';

export interface WorkflowDifference {
  readonly workflow: string;
  readonly is: 'new' | 'edited' | 'gone' | 'unchanged';
  /** An earlier version comes back. */
  readonly isReturn: boolean;
  readonly policy: Plan['inFlight'] | null;
  readonly steps: ReturnType<typeof stepsDiff>;
  /** entered and not ended, whatever their version. */
  readonly underWay: number;
  readonly unaffected: number;
  readonly people: readonly PeopleChange[];
  /** Mails and the like that are queued, and will not leave. */
  readonly stopped: number;
  /** Who waits at the door and would begin now. */
  readonly enterNow: number;
}

interface Sides {
  readonly before: Plan | null;
  readonly after: Plan | null;
  /** The ledger knows the version that comes. */
  readonly isKnown: boolean;
  readonly passage: Passage | null;
  readonly people: readonly PeopleChange[];
  readonly queued: number;
  readonly enterNow: number;
}

const untouched: readonly PeopleChange['is'][] = ['unaffected', 'stays'];

export function workflowDifference(workflow: string, sides: Sides): WorkflowDifference {
  const { before, after, passage, isKnown, queued, enterNow } = sides;
  const isSame = before?.hash === after?.hash;
  const sum = (of: readonly PeopleChange[]) => of.reduce((all, { people }) => all + people, 0);
  return {
    workflow,
    is: after === null ? 'gone' : isSame ? 'unchanged' : before === null ? 'new' : 'edited',
    isReturn: isKnown && !isSame,
    policy: after?.inFlight ?? null,
    steps: stepsDiff(before, after, passage),
    underWay: sum(sides.people),
    unaffected: sum(sides.people.filter(({ is }) => is === 'unaffected')),
    people: merge(sides.people.filter(({ is }) => is !== 'unaffected')),
    stopped: queued,
    enterNow,
  };
}

/** One line for all versions from which the same happens to people. */
function merge(changes: readonly PeopleChange[]): PeopleChange[] {
  const merged = new Map<string, PeopleChange>();
  for (const { is, step, to, was, now, people, leave } of changes) {
    const key = hashJson([is, is === 'stays' ? '' : step, to, was, now]);
    const before = merged.get(key);
    const sum = { people: people + (before?.people ?? 0), leave: leave + (before?.leave ?? 0) };
    merged.set(key, { is, step, to, was, now, ...sum });
  }
  return [...merged.values()];
}

export interface Difference {
  readonly workflows: readonly WorkflowDifference[];
  readonly templates: Changes;
  readonly declarations: Changes;
  /** People to whom something happens. */
  readonly affected: number;
  /** What is hashed of it. */
  readonly ground: Json;
}

export interface Changes {
  readonly added: readonly string[];
  readonly edited: readonly string[];
  readonly gone: readonly string[];
}

interface Template {
  readonly name: string;
  readonly locale: string;
  readonly hash: string;
}
type Declarations = { readonly [name: string]: Json };

export function difference(
  workflows: readonly WorkflowDifference[],
  {
    templates,
    declarations,
  }: {
    readonly templates: readonly [readonly Template[], readonly Template[]];
    readonly declarations: readonly [Declarations, Declarations];
  },
): Difference {
  const touched = workflows.map(({ workflow, people, stopped, enterNow }) => ({
    workflow,
    people: people.filter(({ is }) => !untouched.includes(is)),
    stopped,
    enterNow,
  }));
  const ofTemplates = (list: readonly Template[]) =>
    Object.fromEntries(list.map(({ name, locale, hash }) => [`${name}.${locale}`, hash]));
  return {
    workflows,
    templates: changes(ofTemplates(templates[0]), ofTemplates(templates[1])),
    declarations: changes(declarations[0], declarations[1]),
    affected: touched.reduce((all, one) => all + one.people.reduce((sum, { people }) => sum + people, 0), 0),
    ground: touched.map(({ workflow, people }) => ({
      workflow,
      people: people.map(({ is, step, to, people }) => ({ is, step, to, people })),
    })),
  };
}

function changes(before: Declarations, after: Declarations): Changes {
  const said = Object.entries(after).filter(([, each]) => each !== null);
  const names = new Set(said.map(([name]) => name));
  return {
    added: said.filter(([name]) => before[name] === undefined).map(([name]) => name),
    edited: said
      .filter(([name, each]) => before[name] !== undefined && hashJson(before[name]) !== hashJson(each))
      .map(([name]) => name),
    gone: Object.keys(before).filter((name) => !names.has(name)),
  };
}
