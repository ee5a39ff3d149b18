// AUC: how well a prediction tells won cases from lost ones, with its interval. 0.5 is chance, 1 is perfect.
import { criticalZ } from './normal.ts';
import type { Estimate } from './stats.ts';

/** What was predicted, and what then happened: 1 for won. */
export interface Predicted {
  readonly logits: Float64Array;
  readonly won: Uint8Array;
}

/** The chance that a won case ranks above a lost one, ties half. Interval: DeLong, DeLong and Clarke-Pearson (1988). */
export function aucOf({ logits, won }: Predicted, level = 0.95): Estimate | null {
  const wins = ranksOf(logits, won, 1);
  const losses = ranksOf(logits, won, 0);
  const [m, n] = [wins.all.length, losses.all.length];
  if (m < 2 || n < 2) return null;
  const value = (wins.all.reduce((a, b) => a + b, 0) / m - (m + 1) / 2) / n;
  // Each case's own part: the share of the other side that it beats (Sun and Xu 2014).
  const ofWins = wins.all.map((rank, i) => (rank - (wins.own[i] ?? 0)) / n);
  const ofLosses = losses.all.map((rank, i) => 1 - (rank - (losses.own[i] ?? 0)) / m);
  const half = criticalZ(level) * Math.sqrt(varianceOf(ofWins) / m + varianceOf(ofLosses) / n);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Mid-ranks of one side's cases, among all and among their own. */
function ranksOf(logits: Float64Array, won: Uint8Array, side: 0 | 1) {
  const own = Float64Array.from(logits.filter((_, i) => won[i] === side)).sort();
  const all = Float64Array.from(logits).sort();
  return { all: Array.from(own, (x) => midRank(all, x)), own: Array.from(own, (x) => midRank(own, x)) };
}

function midRank(sorted: Float64Array, x: number): number {
  return (firstAtLeast(sorted, x, false) + firstAtLeast(sorted, x, true) + 1) / 2;
}

/** How many are below x, or with `orEqual` at most x. */
function firstAtLeast(sorted: Float64Array, x: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? 0;
    if (value < x || (orEqual && value === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
}
