// From the blocks of steps as written to the nodes of a plan: each step knows its next one, each arm leads into its
// block, and every block rejoins after the step that opened it. The first key that names a step kind decides which
// strict shape holds, so that a mistake inside is told as what it is.
import type { Report } from './diagnostic.ts';
import type { Notes } from './notes.ts';
import { checkShape } from './shape.ts';
import { idPattern } from './shapes.ts';
import type { Located } from './source.ts';
import { closest } from './spelling.ts';
import type { CompileContext, Node, Step, WrittenStep } from './step.ts';

export interface BlockScope {
  readonly steps: readonly Step[];
  readonly context: CompileContext;
  readonly report: Report;
  /** Filled while compiling, last step first. */
  readonly nodes: Map<string, Node>;
  readonly places: Map<string, Located>;
  readonly notes: Map<string, Notes>;
}

/** The id of the block's first step; `next` where it is empty. */
export function compileBlock(list: Located, next: string | null, scope: BlockScope): string | null {
  if (!Array.isArray(list.value)) {
    scope.report('wrong-type', list, 'steps are a list', 'begin each step with `- id:`');
    return next;
  }
  let following = next;
  for (const at of [...list.items].reverse()) following = compileStep(at, following, scope) ?? following;
  return following;
}

function compileStep(at: Located, next: string | null, scope: BlockScope): string | null {
  const { report } = scope;
  if (at.keys.size === 0) {
    report('wrong-type', at, 'a step is a mapping', 'for example `- id: intro` and below it `send: intro`');
    return null;
  }
  const id = readId(at, scope);
  const { step, key } = readVerb(at, scope);
  if (step === null) return null;
  const here = scope.context.steps.find((each) => each.id === id) ?? null;
  const own = asStep(at, key, step.verb);
  const checked = checkShape(step.shape, own, report);
  if (checked === null) return null;
  const context = { ...scope.context, here };
  const {
    params,
    traits,
    arms = {},
    jumps = {},
    notes = {},
  } = step.compile(checked.source, checked.at, context);
  const leads: Record<string, string | null> = {};
  for (const [arm, block] of Object.entries(arms)) leads[arm] = compileBlock(block, next, scope);
  for (const [arm, target] of Object.entries(jumps)) leads[arm] = target;
  if (Object.keys(jumps).length > 0) leads.on = next;
  if (id === null) return null;
  const ends = traits.ends === undefined ? next : null;
  scope.nodes.set(id, { id, verb: step.verb, params, next: ends, arms: leads, traits });
  scope.places.set(id, at);
  scope.notes.set(id, notes);
  return id;
}

function readId(at: Located, { report, places }: BlockScope): string | null {
  const written = at.keys.get('id')?.value;
  if (written === undefined) {
    report('missing-key', at, '`id:` is missing here', 'every step has an id; it is what people stand on');
    return null;
  }
  const id = String(written.value);
  if (!idPattern.test(id)) {
    const message = `\`${id}\` is no id: lower-case letters, digits and hyphens, beginning with a letter`;
    report('bad-id', written, message);
    return null;
  }
  const other = places.get(id);
  if (other === undefined) return id;
  // Blocks are read backwards, so the one that is already known stands further down.
  report(
    'duplicate-id',
    other.keys.get('id')?.value ?? other,
    `\`${id}\` is the id of another step, on line ${at.line}`,
  );
  return null;
}

interface Verb {
  readonly step: Step | null;
  /** The key as written, which may be misspelled. */
  readonly key: string;
}

/** A misspelled verb is reported and then taken for what it was meant to be, so that it hides nothing else. */
function readVerb(at: Located, { steps, report }: BlockScope): Verb {
  const [first, second] = steps.filter((step) => at.keys.has(step.verb));
  if (first !== undefined && second !== undefined) {
    const place = at.keys.get(second.verb)?.key ?? at;
    report(
      'two-verbs',
      place,
      `a step does one thing; this one has \`${first.verb}\` and \`${second.verb}\``,
    );
    return { step: null, key: '' };
  }
  if (first !== undefined) return { step: first, key: first.verb };
  const verbs = steps.map((step) => step.verb);
  for (const [key, entry] of at.keys) {
    const meant = key === 'id' ? null : closest(key, verbs);
    if (meant === null) continue;
    report('unknown-key', entry.key, `\`${key}\` is nothing that a step does`, `did you mean \`${meant}\`?`);
    return { step: steps.find((step) => step.verb === meant) ?? null, key };
  }
  report('no-verb', at, 'this step does nothing', `a step has one of: ${verbs.join(', ')}`);
  return { step: null, key: '' };
}

/** The step without its `id`, which is no step kind's affair, and with its verb spelled right. */
function asStep(at: Located, key: string, verb: string): Located {
  const kept = [...at.keys].filter(([each]) => each !== 'id');
  const keys = new Map(kept.map(([each, entry]) => [each === key ? verb : each, entry]));
  return {
    ...at,
    keys,
    value: Object.fromEntries([...keys].map(([each, entry]) => [each, entry.value.value])),
  };
}

/** Every step that is written anywhere below, in order, whether it compiles or not. */
export function listSteps(at: Located, verbs: readonly string[], block = ''): WrittenStep[] {
  return at.items.flatMap((step) => {
    const id = step.keys.get('id')?.value.value;
    const verb = verbs.find((each) => step.keys.has(each)) ?? '';
    const own = typeof id === 'string' && idPattern.test(id) ? [{ id, verb, block }] : [];
    return [
      ...own,
      ...blocksIn(step).flatMap((inner, i) => listSteps(inner, verbs, `${block}/${step.line}.${i}`)),
    ];
  });
}

/** The lists of steps inside a step, wherever its keys hold them. */
function blocksIn(at: Located): Located[] {
  const children = [...[...at.keys.values()].map((entry) => entry.value), ...at.items];
  return children.flatMap((child) =>
    child.items.some((item) => item.keys.has('id')) ? [child] : blocksIn(child),
  );
}
