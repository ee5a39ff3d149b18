// The difference between what is applied and what would be: in steps, and in people. It is reckoned from counts alone:
// who stands on which step of which version, and for a wait that was edited, how many came before the instant from
// which it lets them go on. Pure; the ledger counts (db/under-way.ts), and cli/ tells it.
import { hashJson } from './hash.ts';
import type { LinkedPlan, Passage, Plan, Program } from './plan.ts';

/** So many stand on this step of this version. */
export interface Crowd {
  readonly workflow: string;
  readonly plan: string;
  readonly node: string;
  readonly people: number;
}

/** What happens to so many people, from which step to which. */
export interface PeopleChange {
  readonly is: /** They stand where they stood, and wake when they would have. */
    | 'unaffected'
    /** Their step has another name. */
    | 'renamed'
    /** Their step is gone, and they go on to another. */
    | 'moved'
    /** Their step is gone, and their run ends. */
    | 'ended'
    /** Their step says something else than before. */
    | 'edited'
    | 'restarted'
    /** They stay on the version they are on. */
    | 'stays'
    /** Their step is gone, and nothing says where they go. */
    | 'unsaid';
  readonly step: string;
  readonly to: string | null;
  readonly people: number;
  /** Of `edited`: as it was and as it is. */
  readonly was: string | null;
  readonly now: string | null;
  /** Of `edited`: so many go on at once, because their time under the new words has passed. */
  readonly leave: number;
}

/** A wait that was edited: who leaves at once depends on when each came. */
export interface Edited {
  readonly plan: string;
  readonly node: string;
  readonly name: string;
}

export function stepsDiff(before: Plan | null, after: Plan | null, passage: Passage | null) {
  const old = before?.nodes ?? {};
  const now = after?.nodes ?? {};
  const renamed = passage?.renamed ?? {};
  const names = new Set(Object.values(renamed));
  return {
    added: Object.keys(now).filter((id) => old[id] === undefined && !names.has(id)),
    gone: Object.keys(old).filter((id) => now[id] === undefined && renamed[id] === undefined),
    renamed: Object.entries(renamed).map(([from, to]) => ({ from, to })),
    edited: Object.keys(old).flatMap((id) => {
      const name = renamed[id] ?? id;
      const [was, is] = [old[id], now[name]];
      return was !== undefined && is !== undefined && isEdited(was, is)
        ? [{ step: name, was: was.traits.label, now: is.traits.label }]
        : [];
    }),
  };
}

type Node = Plan['nodes'][string];

/** Another verb, or other words for it; where its blocks lead to is told by the steps in them. */
function isEdited(was: Node, is: Node): boolean {
  return was.verb !== is.verb || hashJson(was.params) !== hashJson(is.params);
}

/** Steps that draw by other weights than before: who comes to them from now on. */
export function weightNotes(before: Plan | null, after: Plan | null, passage: Passage | null): string[] {
  return stepsDiff(before, after, passage).edited.flatMap(({ step }) =>
    after?.nodes[step]?.traits.draws === true
      ? `${after.workflow}: the weights of \`${step}\` changed: who stands before it may draw another arm; who drew keeps it`
      : [],
  );
}

/** Waits that people stand in and that last longer or shorter now. */
export function editedWaits(program: Program, crowds: readonly Crowd[]): Edited[] {
  return crowds.flatMap(({ plan, node }) => {
    const passage = program.passages.get(plan);
    const place = passage?.placeOf(node);
    if (passage === undefined || passage.restarts || place?.is !== 'kept') return [];
    const [was, is] = [passage.from.nodes[node], passage.to.nodes[place.node]];
    if (was === undefined || is === undefined || !isEdited(was, is) || !is.traits.elapses) return [];
    return [{ plan, node, name: place.node }];
  });
}

/** `leaving`: of each edited wait, by `plan node`, how many go on at once. */
export function peopleDiff(
  program: Program,
  crowds: readonly Crowd[],
  leaving: ReadonlyMap<string, number>,
): readonly (PeopleChange & { readonly workflow: string; readonly plan: string })[] {
  return crowds.map(({ workflow, plan, node, people }) => {
    const change = changeOf(program, plan, node, leaving.get(`${plan} ${node}`) ?? 0);
    return { workflow, plan, step: node, people, to: null, was: null, now: null, leave: 0, ...change };
  });
}

function changeOf(
  program: Program,
  plan: string,
  node: string,
  leave: number,
): Pick<PeopleChange, 'is'> & Partial<PeopleChange> {
  const passage = program.passages.get(plan);
  if (passage === undefined) return { is: isCurrent(program.current, plan) ? 'unaffected' : 'stays' };
  if (passage.restarts && !node.startsWith('@')) return { is: 'restarted', to: passage.to.first };
  const place = passage.placeOf(node);
  if (place.is === 'ended') return { is: 'ended', to: place.outcome };
  if (place.is !== 'kept') return place.is === 'unsaid' ? { is: 'unsaid' } : { is: 'moved', to: place.node };
  const [was, is] = [passage.from.nodes[node], passage.to.nodes[place.node]];
  const labels = { was: was?.traits.label ?? null, now: is?.traits.label ?? null, leave };
  if (was !== undefined && is !== undefined && isEdited(was, is))
    return { is: 'edited', to: place.node, ...labels };
  return place.node === node ? { is: 'unaffected' } : { is: 'renamed', to: place.node };
}

const isCurrent = (current: readonly LinkedPlan[], hash: string) =>
  current.some((linked) => linked.plan.hash === hash);
