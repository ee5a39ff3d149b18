// What customers bring over time: lifetime value by cohort and age, and how many buy again. Young customers have not had
// the time that old ones had: a cohort's value at an age counts only those observed that long, and the share that buys
// again is Kaplan and Meier's, with those who have not yet come back counted as still open.
import { addMoment, type Estimate, type Moments, meanOf, noMoments } from './stats.ts';
import { type Quantile, quantileOf, type Survival, shareAfter, survivalOf } from './survival.ts';

export interface Customer {
  /** For example the month of the first purchase. */
  readonly cohort: string;
  /** Whole months since the first purchase that have been seen to their end. */
  readonly observed: number;
  /** The first has age 0; ages in whole months. */
  readonly purchases: readonly { readonly age: number; readonly amount: number }[];
}
export interface CohortValue {
  readonly cohort: string;
  /** Place k: the value per customer up to and with month k of their life, over `n` customers. */
  readonly byAge: readonly {
    readonly n: number;
    readonly mean: number;
    readonly estimate: Estimate | null;
  }[];
}
export type LifetimeFold = Map<string, Moments[]>;

export function addCustomer(fold: LifetimeFold, { cohort, observed, purchases }: Customer): void {
  const byAge = fold.get(cohort) ?? [];
  fold.set(cohort, byAge);
  const spent = new Float64Array(Math.max(0, observed) + 1);
  for (const { age, amount } of purchases) if (age <= observed) spent[age] = (spent[age] ?? 0) + amount;
  let total = 0;
  // Month k counts once it is over; a customer of this month has no finished month yet.
  for (let age = 0; age < observed; age++) {
    total += spent[age] ?? 0;
    const moments = byAge[age] ?? noMoments();
    byAge[age] = moments;
    addMoment(moments, total);
  }
}

export function lifetimesOf(fold: LifetimeFold, level = 0.95): CohortValue[] {
  return [...fold].map(([cohort, byAge]) => ({
    cohort,
    byAge: byAge.map((moments) => ({ n: moments.n, mean: moments.mean, estimate: meanOf(moments, level) })),
  }));
}

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
