// What a trial is: a fault, done to the running system or to a room of it, and judged from outside. Its long form runs by
// `npm run trials -- <name>`, its short form in a test file beside it; both call the same `run`.
import type { Ground } from './ground.ts';

/** What a trial counted; written as JSON, with the seed. */
export type Report = { readonly [figure: string]: unknown };

export interface Trial {
  /** As in TRIALS: F1. */
  readonly name: string;
  /** What is done, and the bar, in a line. */
  readonly says: string;
  /** Every option is a number; these are the long form's. */
  readonly options: { readonly [option: string]: number };
  /** Whether it needs a ledger and a queue of its own. A trial of a pure room does without. */
  readonly isOnGround: boolean;
  run(options: { readonly [option: string]: number }, ground: Ground | null): Promise<Report>;
  isMet(report: Report): boolean;
}

interface Definition<O, R> {
  readonly name: string;
  readonly says: string;
  readonly options: O;
  isMet(report: R): boolean;
}

/** A trial on a ground of its own: a Postgres with production's durability, and a queue engine. */
export function defineTrial<O extends Trial['options'], R extends Report>(
  trial: Definition<O, R> & { run(options: O & { seed: number }, ground: Ground): Promise<R> },
): Trial {
  return { ...trial, isOnGround: true } as unknown as Trial;
}

/** A trial of a room that needs no server. */
export function definePureTrial<O extends Trial['options'], R extends Report>(
  trial: Definition<O, R> & { run(options: O & { seed: number }): Promise<R> },
): Trial {
  return { ...trial, isOnGround: false } as unknown as Trial;
}
