// Deals without an amount, where value is counted. Many systems know an amount only once a deal is won: what such deals
// are worth is then told by the won ones, never by the amounts of a few.
import type { Sums } from './forecast-fold.ts';
import type { Moments } from './stats.ts';

/** So many deals, so many of them with an amount. */
export interface Priced {
  readonly deals: number;
  readonly priced: number;
}

/** Whether an amount is known mostly of what was won: of the others less than half as often. */
export function followsOutcome(won: Priced, others: Priced): boolean {
  if (won.deals === 0 || others.deals === 0) return false;
  return others.priced / others.deals < 0.5 * (won.priced / won.deals);
}

/** Sums over deals, the unpriced ones as if drawn from `average`. */
export function withAverage({ deals, priced }: Priced, sums: Sums, average: Moments): Sums {
  const { n, mean, m2, m3 } = average;
  if (n === 0) return sums;
  const missing = deals - priced;
  // Moments about 0 from those about the mean.
  const second = m2 / n + mean ** 2;
  const third = m3 / n + (3 * mean * m2) / n + mean ** 3;
  const [, first0, second0, third0] = sums;
  return [deals, first0 + missing * mean, second0 + missing * second, third0 + missing * third];
}
