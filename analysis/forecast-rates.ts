// What share of its open value a cell wins in a given month: counted over past snapshots whose month is over, and drawn
// towards the stage's and the whole pipeline's rate where the cell has seen little. Nothing later than `mark` is used.
import { BANDS, type ForecastFold, openSums, type Sums, wonSums } from './forecast-fold.ts';

export interface Rate {
  readonly rate: number;
  readonly variance: number;
}
interface Seen {
  readonly open: Sums;
  readonly won: Sums;
}

/** A cell's rate is drawn to its stage's by the weight of so many deals, and a stage's to that of all. */
const PRIOR_DEALS = 5;

/** One rate per cell, as known at `mark`, for the month that is `month` after a snapshot. */
export function ratesAt(fold: ForecastFold, mark: number, month: number): Rate[] {
  const cells = Array.from({ length: fold.cells }, (_, cell) => seenIn(fold, cell, mark, month));
  const all = shrink(together(cells), 0, 0);
  const stages = Array.from({ length: fold.cells / BANDS }, (_, stage) =>
    shrink(together(cells.slice(stage * BANDS, (stage + 1) * BANDS)), all.rate, PRIOR_DEALS),
  );
  return cells.map((seen, cell) =>
    shrink(seen, stages[Math.floor(cell / BANDS)]?.rate ?? all.rate, PRIOR_DEALS),
  );
}

/** Deals won in the first month after any snapshot: how much the rates rest on. */
export function countWon(fold: ForecastFold, mark: number): number {
  const cells = Array.from({ length: fold.cells }, (_, cell) => seenIn(fold, cell, mark, 1));
  return together(cells).won[0];
}

function seenIn(fold: ForecastFold, cell: number, mark: number, month: number): Seen {
  const past = Array.from({ length: Math.max(0, mark - month + 1) }, (_, i) => i);
  return {
    open: addUp(past.map((one) => openSums(fold, cell, one))),
    won: addUp(past.map((one) => wonSums(fold, cell, one, month))),
  };
}

function together(seen: readonly Seen[]): Seen {
  return { open: addUp(seen.map(({ open }) => open)), won: addUp(seen.map(({ won }) => won)) };
}

function addUp(sums: readonly Sums[]): Sums {
  const total: [number, number, number, number] = [0, 0, 0, 0];
  for (const [n, first, second, third] of sums) {
    total[0] += n;
    total[1] += first;
    total[2] += second;
    total[3] += third;
  }
  return total;
}

/** A ratio of sums with the variance of a ratio (Cochran 1977, 6.3), drawn to `prior` by the weight of so many deals. */
function shrink({ open, won }: Seen, prior: number, deals: number): Rate {
  const [n, first, second] = open;
  if (n === 0 || first === 0) return { rate: prior, variance: 0 };
  const weight = (first / n) * deals;
  const rate = (won[1] + weight * prior) / (first + weight);
  const scatter = won[2] * (1 - 2 * rate) + rate ** 2 * second;
  return { rate, variance: Math.max(0, scatter) / (first + weight) ** 2 };
}
