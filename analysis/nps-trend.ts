// Does the score move? A slope per period with its interval, and Mantel's (1963) test of linear association.
// Refuses where too few answers or periods are there; a single period's wobble is never called a trend.

import { criticalZ, twoSided } from './normal.ts';
import { type Answers, FEWEST_ANSWERS, partiesOf } from './nps.ts';
import type { Estimate } from './stats.ts';

export interface TrendPeriod {
  /** Its place in time, in the unit that the slope is wanted per: 0, 1, 2 for months in a row. */
  readonly at: number;
  readonly answers: Answers;
}
export type Trend =
  | {
      readonly is: 'rising' | 'falling' | 'no trend seen';
      /** Points per unit of `at`. */
      readonly slope: Estimate;
      readonly p: number;
      readonly n: number;
    }
  | { readonly is: 'not enough yet'; readonly n: number; readonly needed: number; readonly periods: number };

const FEWEST_PERIODS = 3;

/** Periods without answers are left out of the count of periods. `level` holds for interval and verdict alike. */
export function trendOf(
  periods: readonly TrendPeriod[],
  { level = 0.95, fewest = FEWEST_ANSWERS } = {},
): Trend {
  const rows = periods.map(({ at, answers }) => ({ at, ...partiesOf(answers) })).filter(({ n }) => n > 0);
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  if (n < fewest || rows.length < FEWEST_PERIODS)
    return { is: 'not enough yet', n, needed: fewest, periods: rows.length };

  const meanAt = rows.reduce((sum, row) => sum + row.n * row.at, 0) / n;
  const mean = rows.reduce((sum, row) => sum + row.promoters - row.detractors, 0) / n;
  const spread = rows.reduce((sum, row) => sum + row.n * (row.at - meanAt) ** 2, 0);
  const cross = rows.reduce((sum, row) => sum + (row.at - meanAt) * (row.promoters - row.detractors), 0);
  const total = rows.reduce((sum, row) => sum + row.promoters + row.detractors, 0) - n * mean ** 2;
  const slope = (100 * cross) / spread;
  const error = 100 * (Math.sqrt(slopeVariance(rows, meanAt)) / spread);
  const z = criticalZ(level);

  // Mantel: (n - 1) r² is chi-square with one degree of freedom when nothing moves.
  const p = total > 0 ? twoSided(cross / Math.sqrt((total * spread) / (n - 1))) : 1;
  const is = p >= 1 - level ? 'no trend seen' : slope > 0 ? 'rising' : 'falling';
  return { is, slope: { value: slope, low: slope - z * error, high: slope + z * error }, p, n };
}

/** Variance of the weighted sum, each period with the spread of its own answers: a score of 70 varies less than one of 0. */
function slopeVariance(
  rows: readonly (ReturnType<typeof partiesOf> & { at: number })[],
  meanAt: number,
): number {
  return rows.reduce((sum, { at, promoters, detractors, n }) => {
    const mean = (promoters - detractors) / n;
    // One pseudo-answer to each side keeps a period of three equal answers from counting as certain.
    const variance = (promoters + detractors + 1) / (n + 1) - ((n / (n + 1)) * mean) ** 2;
    return sum + n * (at - meanAt) ** 2 * variance;
  }, 0);
}
