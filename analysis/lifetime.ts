// How many customers buy again: Kaplan and Meier's share, with those who have not yet come back counted as still open,
// because young customers have not had the time that old ones had.
import type { Estimate } from './stats.ts';
import { type Quantile, quantileOf, type Survival, shareAfter, survivalOf } from './survival.ts';

export interface Returning {
  readonly customers: number;
  /** Bought a second time so far. */
  readonly returned: number;
  /** The share that buys again within the time asked, the young ones reckoned in; null while nobody was seen so long. */
  readonly within: Estimate | null;
  /** Time to the second purchase by which half have come back; null while it is not half. */
  readonly median: Quantile;
}

/** One row per customer: the time to the second purchase, or so far without one. Null without customers. */
export function returningOf(
  customers: Iterable<{ readonly ms: number; readonly returned: boolean }>,
  withinMs: number,
  level = 0.95,
): Returning | null {
  const spells = [...customers].map(({ ms, returned }) => ({ ms, ended: returned }));
  return returnsOf(survivalOf(spells, level), withinMs);
}

/** Of the time until the second purchase; whoever has not made it yet is open. */
export function returnsOf(survival: Survival, withinMs: number): Returning | null {
  if (survival.n === 0) return null;
  const staying = shareAfter(survival, withinMs);
  return {
    customers: survival.n,
    returned: survival.ended,
    within: staying && { value: 1 - staying.value, low: 1 - staying.high, high: 1 - staying.low },
    median: quantileOf(survival),
  };
}
