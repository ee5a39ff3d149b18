// Whose turn it is: tasks of a batch given out one after another, each to the next in turn or to the least loaded of its
// candidates. Promises: among those who are always there, nobody is ever more than one turn ahead; whoever comes back,
// or is new, begins one turn behind the fullest and is not flooded. Pure: the ledger reads the counts and keeps them.
import type { Candidate, Choice } from './people.ts';

export interface Counts {
  /** Turns had, by team and person. */
  readonly turns: { readonly [team: string]: { readonly [person: string]: number } };
  /** Open tasks, by person. */
  readonly loads: { readonly [person: string]: number };
}

export interface Given {
  /** null: nobody can be named. */
  readonly candidate: Candidate | null;
  /** The turn that this was, where turns are counted. */
  readonly turn: number | null;
}

/** In order; what the first gets counts for the second. */
export function giveOut(choices: readonly Choice[], counts: Counts): Given[] {
  const turns = new Map(
    Object.entries(counts.turns).map(([team, of]) => [team, new Map(Object.entries(of))]),
  );
  const loads = new Map(Object.entries(counts.loads));
  return choices.map(({ by, team, candidates }) => {
    const own = team === null ? undefined : (turns.get(team) ?? new Map<string, number>());
    if (team !== null && own !== undefined) turns.set(team, own);
    const fullest = Math.max(0, ...(own?.values() ?? []));
    const turnOf = ({ person }: Candidate) => Math.max(own?.get(person) ?? 0, fullest - 1);
    const loadOf = ({ person }: Candidate) => loads.get(person) ?? 0;
    const candidate = leastOf(candidates, by === 'turn' ? turnOf : by === 'least' ? loadOf : () => 0);
    if (candidate === null) return { candidate, turn: null };
    loads.set(candidate.person, loadOf(candidate) + 1);
    if (by !== 'turn' || own === undefined) return { candidate, turn: null };
    const turn = turnOf(candidate) + 1;
    own.set(candidate.person, turn);
    return { candidate, turn };
  });
}

/** The first of those that have the least. */
function leastOf<T>(all: readonly T[], by: (one: T) => number): T | null {
  let best: { readonly one: T; readonly count: number } | null = null;
  for (const one of all) {
    const count = by(one);
    if (best === null || count < best.count) best = { one, count };
  }
  return best?.one ?? null;
}
