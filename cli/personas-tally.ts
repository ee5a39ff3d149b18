// What became of many personas in one workflow, counted: who entered, what was asked for at each step, which ways were
// taken, how runs ended and after how many days. Each is walked alone, through `react`, and forgotten.
import type { Program } from '../engine/plan.ts';
import { simulate } from '../engine/simulate.ts';
import { watchArms } from '../engine/story-run.ts';
import { answerBy } from './answer.ts';
import { type Drawing, drawPersona } from './personas.ts';

const dayMs = 86_400_000;

export interface Tally {
  readonly personas: number;
  /** At least once. */
  readonly entered: number;
  readonly runs: number;
  readonly underWay: number;
  /** In the order in which they are written. */
  readonly asked: readonly { readonly step: string; readonly verb: string; readonly count: number }[];
  readonly arms: readonly { readonly step: string; readonly arm: string; readonly count: number }[];
  readonly outcomes: readonly { readonly outcome: string; readonly goal: boolean; readonly count: number }[];
  /** From entering to the end, of the runs that have ended; null where none has. */
  readonly days: { readonly median: number; readonly ninetieth: number } | null;
}

export interface CrowdOptions {
  readonly personas: number;
  readonly days: number;
  /** Called now and then with how many have been walked. */
  tell(done: number): void;
}

/** What is counted on the way, by words joined with a space. */
interface Counts {
  readonly arms: Map<string, number>;
  readonly asked: Map<string, number>;
  readonly outcomes: Map<string, number>;
  readonly lasted: number[];
  entered: number;
  runs: number;
  underWay: number;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function tallyCrowd(program: Program, drawing: Drawing, options: CrowdOptions): Tally {
  const counts: Counts = {
    arms: new Map(),
    asked: new Map(),
    outcomes: new Map(),
    lasted: [],
    entered: 0,
    runs: 0,
    underWay: 0,
  };
  const current = program.current.map((linked) =>
    watchArms(linked, (step, arm) => count(counts.arms, `${step} ${arm}`)),
  );
  const own = { ...program, current, byHash: new Map(current.map((one) => [one.plan.hash, one])) };
  for (let number = 1; number <= options.personas; number++) {
    walkPersona(own, drawing, number, options.days, counts);
    if (number % 1000 === 0) options.tell(number);
  }
  return toTally(counts, Object.keys(drawing.plan.nodes), options.personas);
}

function walkPersona(program: Program, drawing: Drawing, number: number, days: number, counts: Counts): void {
  const { plan, catalogue } = drawing;
  const { first, at, dice, ...persona } = drawPersona(number, drawing);
  const world = answerBy(dice, catalogue, plan, first);
  const until = at + days * dayMs;
  const { rehearsal } = simulate(program, { ...persona, events: [first], from: at, until, world });
  for (const { verb, node } of rehearsal.asked) count(counts.asked, `${node} ${verb}`);
  if (rehearsal.runs.size > 0) counts.entered += 1;
  for (const { endedAt, enteredAt, goal, outcome } of rehearsal.runs.values()) {
    counts.runs += 1;
    if (endedAt === null) counts.underWay += 1;
    else {
      counts.lasted.push((endedAt - enteredAt) / dayMs);
      count(counts.outcomes, `${goal ? 'goal' : 'end'} ${outcome}`);
    }
  }
}

function toTally(counts: Counts, order: readonly string[], personas: number): Tally {
  const { entered, runs, underWay, lasted } = counts;
  const pairs = (of: Map<string, number>) =>
    [...of].map(([key, n]) => {
      const [first = '', rest = ''] = key.split(/ (.*)/);
      return { first, rest, n };
    });
  const byStep = (a: { step: string }, b: { step: string }) => order.indexOf(a.step) - order.indexOf(b.step);
  return {
    personas,
    entered,
    runs,
    underWay,
    asked: pairs(counts.asked)
      .map(({ first, rest, n }) => ({ step: first, verb: rest, count: n }))
      .sort(byStep),
    arms: pairs(counts.arms)
      .map(({ first, rest, n }) => ({ step: first, arm: rest, count: n }))
      .sort((a, b) => byStep(a, b) || (a.arm < b.arm ? -1 : 1)),
    outcomes: pairs(counts.outcomes)
      .map(({ first, rest, n }) => ({ outcome: rest, goal: first === 'goal', count: n }))
      .sort((a, b) => b.count - a.count || (a.outcome < b.outcome ? -1 : 1)),
    days: quantiles(lasted),
  };
}

function quantiles(values: number[]): Tally['days'] {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const at = (share: number) => Math.round((values[Math.ceil(share * values.length) - 1] ?? 0) * 10) / 10;
  return { median: at(0.5), ninetieth: at(0.9) };
}
