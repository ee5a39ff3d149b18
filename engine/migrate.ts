// A run on an old plan to its place on a new one. A step is (workflow, id), wherever it stands: who stands on it stays,
// and is only due when the new plan says. A rename is followed, and taken back by going back; for a step that is gone
// the file says what happens. Nothing is done here and nothing is sent: a run that is put on another step has yet to
// arrive there. Visits are never forgotten, so no effect key is used twice, however often a plan is changed and
// changed back.
import type { Memory } from './memory.ts';
import type { Passage, Place, Plan } from './plan.ts';
import type { Run } from './step.ts';

/** What the ledger knows of the versions of its workflows, beside their plans. */
export interface Lineage {
  /** By hash: when a version was first applied. */
  readonly madeAt: { readonly [hash: string]: number };
  /** Hashes of the versions that keep their people, whatever comes later. */
  readonly pinned: readonly string[];
  /** By workflow: every rename that any of its versions wrote down, as [old, new]. */
  readonly renames: { readonly [workflow: string]: readonly (readonly [string, string])[] };
}
export const noLineage: Lineage = { madeAt: {}, pinned: [], renames: {} };

export function createPassage(from: Plan, to: Plan, lineage: Lineage = noLineage): Passage {
  const ids = Object.keys(from.nodes);
  const kept = new Map(ids.flatMap((id) => nameIn(to, from, id, lineage).map((name) => [id, name])));
  const [fromAt, toAt] = [lineage.madeAt[from.hash], lineage.madeAt[to.hash]];
  // Old files know nothing of the steps that came after them: who stands there goes on.
  const isReturn = fromAt !== undefined && toAt !== undefined && toAt < fromAt;
  const placeOf = (node: string): Place => {
    const name = node.startsWith('@') ? node : kept.get(node);
    if (name !== undefined) return { is: 'kept', node: name };
    const fate = to.removed[node] ?? (isReturn ? 'continue' : null);
    if (fate === null) return { is: 'unsaid' };
    if (fate === 'exit') return { is: 'ended', outcome: 'removed' };
    const next = fate === 'continue' ? nextKept(from, node, kept) : fate;
    return next === null ? { is: 'ended', outcome: 'finished' } : { is: 'moved', node: next };
  };
  return {
    from,
    to,
    restarts: to.inFlight === 'restart',
    placeOf,
    gone: ids.filter((id) => !kept.has(id)),
    renamed: Object.fromEntries([...kept].filter(([id, name]) => id !== name)),
  };
}

/** The name under which the new plan has the step; none where it is gone. */
function nameIn(to: Plan, from: Plan, id: string, { renames }: Lineage): string[] {
  const verb = from.nodes[id]?.verb;
  const isThere = (name: string) => to.nodes[name] !== undefined && to.nodes[name].verb === verb;
  if (isThere(id)) return [id];
  const edges = [
    ...Object.entries(to.renamed),
    ...Object.entries(from.renamed),
    ...(renames[to.workflow] ?? []),
  ];
  const names = [id];
  for (const name of names) {
    const next = edges.flatMap(([old, now]) => (old === name ? [now] : now === name ? [old] : []));
    const found = next.find(isThere);
    if (found !== undefined) return [found];
    names.push(...next.filter((each) => !names.includes(each)));
  }
  return [];
}

/** On the old plan's own way, past all that is gone and without entering its blocks; null: the way ends. */
function nextKept(from: Plan, node: string, kept: ReadonlyMap<string, string>): string | null {
  const passed = new Set([node]);
  for (
    let at = from.nodes[node]?.next ?? null;
    at !== null && !passed.has(at);
    at = from.nodes[at]?.next ?? null
  ) {
    const name = kept.get(at);
    if (name !== undefined) return name;
    passed.add(at);
  }
  return null;
}

/** The run as it stands on the new plan; `outcome` where it ends instead. Its wake time is still to be reckoned. */
export interface Moved {
  readonly run: Run;
  readonly outcome: string | null;
  readonly why: string;
}

export function migrateRun(run: Run, passage: Passage): Moved {
  const { from, to, restarts } = passage;
  const node = run.node ?? '';
  const versions = `from version ${from.hash.slice(0, 8)} to ${to.hash.slice(0, 8)}`;
  const memory = renameMemory(run.memory, passage.renamed);
  const moved = { ...run, plan: to.hash, memory };
  const told = (words: string, run: Run, outcome: string | null = null): Moved => ({
    run,
    outcome,
    why: `${versions}: ${words}`,
  });
  if (restarts && !node.startsWith('@')) {
    if (to.first === null) return told('it has no steps left', moved, 'finished');
    const again = { ...memory, happened: {}, arriving: true as const };
    return told(`begins again at \`${to.first}\``, { ...moved, node: to.first, memory: again });
  }
  const place = passage.placeOf(node);
  switch (place.is) {
    case 'kept': {
      if (place.node === node) return told(`stays at \`${node}\``, moved);
      // What it asked for under the old name, an answer to a call, comes under the old key.
      const key = memory.key ?? `${node}#${memory.visits[node] ?? 1}`;
      return told(`\`${node}\` is \`${place.node}\` now`, {
        ...moved,
        node: place.node,
        memory: { ...memory, key },
      });
    }
    case 'moved':
      return told(`\`${node}\` is gone, goes on to \`${place.node}\``, {
        ...moved,
        node: place.node,
        memory: { ...memory, arriving: true },
      });
    case 'ended':
      return told(`\`${node}\` is gone, and with it the way on`, moved, place.outcome);
    case 'unsaid':
      throw new Error(
        `\`${node}\` of ${to.workflow} is gone, and \`removed:\` does not say where its people go`,
      );
  }
}

/** What is done with a mail is known by the id of its step; what is answered, by the survey. */
const ofSteps = ['opened', 'clicked', 'replied'];

/** A new name takes over the visits of the old one, and the old one keeps them: neither is counted from one again. */
function renameMemory(memory: Memory, renamed: Passage['renamed']): Memory {
  if (Object.keys(renamed).length === 0) return memory;
  const visits: Record<string, number> = { ...memory.visits };
  for (const [old, name] of Object.entries(renamed)) {
    const both = Math.max(visits[old] ?? 0, visits[name] ?? 0);
    if (both > 0) visits[name] = both;
  }
  const happened = Object.entries(memory.happened).map(([what, names]): [string, readonly string[]] => [
    what,
    ofSteps.includes(what) ? [...new Set(names.map((name) => renamed[name] ?? name))] : names,
  ]);
  return { ...memory, visits, happened: Object.fromEntries(happened) };
}
