// A workflow replayed over many pasts, one after another and each forgotten: who would have entered, what they would have
// been sent and how they would have ended, beside what this workflow really did.
import type { Program } from '../engine/plan.ts';
import type { Coming } from '../engine/rehearsal.ts';
import { simulate } from '../engine/simulate.ts';
import type { Deeds, Life } from './backtest-life.ts';

export interface Tally {
  contacts: number;
  events: number;
  /** Contact and deal together: entering twice counts once here. */
  readonly subjects: { would: number; did: number; both: number };
  readonly entered: Pair;
  readonly underWay: Pair;
  readonly goals: Pair;
  /** By step. */
  readonly mails: Map<string, Pair>;
  /** By step and verb: what else would have been asked for. */
  readonly asked: Map<string, number>;
  readonly outcomes: Map<string, Pair>;
}

export interface Pair {
  would: number;
  did: number;
}

export function openTally(): Tally {
  const none = () => ({ would: 0, did: 0 });
  return {
    contacts: 0,
    events: 0,
    subjects: { ...none(), both: 0 },
    entered: none(),
    underWay: none(),
    goals: none(),
    mails: new Map(),
    asked: new Map(),
    outcomes: new Map(),
  };
}

function pairOf(pairs: Map<string, Pair>, key: string): Pair {
  const pair = pairs.get(key) ?? { would: 0, did: 0 };
  pairs.set(key, pair);
  return pair;
}

/** Lives it again up to `until`. `isTimed`: time alone may let somebody enter, so that a contact is looked at without events. */
export function replay(tally: Tally, life: Life, program: Program, until: number, isTimed: boolean): void {
  const { persona, coming, beginsAt, did } = life;
  tally.contacts += 1;
  tally.events += coming.length;
  if (did !== null) addDeeds(tally, did);
  if (coming.length === 0 && !isTimed) return;
  const looked: Coming = {
    at: beginsAt,
    happen: () => ({ id: 'backtest', type: 'contact.updated', at: beginsAt, dealId: null, data: {} }),
  };
  const { rehearsal } = simulate(program, {
    ...persona,
    events: [],
    coming: [...(isTimed ? [looked] : []), ...coming],
    from: beginsAt,
    until,
  });
  for (const { verb, node } of rehearsal.asked) {
    if (verb === 'send') pairOf(tally.mails, node).would += 1;
    else tally.asked.set(`${node} ${verb}`, (tally.asked.get(`${node} ${verb}`) ?? 0) + 1);
  }
  const would = new Set<string | null>();
  for (const { dealId, outcome, goal } of rehearsal.runs.values()) {
    would.add(dealId);
    tally.entered.would += 1;
    if (goal) tally.goals.would += 1;
    if (outcome === null) tally.underWay.would += 1;
    else pairOf(tally.outcomes, outcome).would += 1;
  }
  const really = new Set(did?.runs.map(({ dealId }) => dealId));
  tally.subjects.would += would.size;
  tally.subjects.both += [...would].filter((dealId) => really.has(dealId)).length;
}

function addDeeds(tally: Tally, { runs, mails }: Deeds): void {
  for (const { node, count } of mails) pairOf(tally.mails, node).did += count;
  tally.subjects.did += new Set(runs.map(({ dealId }) => dealId)).size;
  for (const { outcome, goal } of runs) {
    tally.entered.did += 1;
    if (goal) tally.goals.did += 1;
    if (outcome === null) tally.underWay.did += 1;
    else pairOf(tally.outcomes, outcome).did += 1;
  }
}
