// What the open pipeline will bring in the next months, with an interval, and how well the same method would have done
// in the past. Deals that do not exist yet are not in it. A cell is a stage and a time in it; its rate for a month is the
// share of value that was won in that month, over all past snapshots whose month is over.
import { type ForecastFold, openSums, wonSums } from './forecast-fold.ts';
import { countWon, ratesAt } from './forecast-rates.ts';
import { criticalZ } from './normal.ts';
import type { Estimate } from './stats.ts';

export interface BacktestRow extends Estimate {
  /** The mark from which it would have been forecast. */
  readonly at: number;
  readonly actual: number;
}
export interface Backtest {
  readonly rows: readonly BacktestRow[];
  /** Sum of |forecast - actual| over sum of actual; null without rows or actuals. */
  readonly error: number | null;
  /** Sum of (forecast - actual) over sum of actual: above 0 it promised too much. */
  readonly bias: number | null;
  /** Share of rows whose interval held. */
  readonly held: number | null;
}
export interface MonthForecast {
  /** 1 for the month that begins now. */
  readonly month: number;
  readonly value: Estimate;
  readonly backtest: Backtest;
}
export type Forecast =
  | {
      readonly is: 'forecast';
      readonly openDeals: number;
      readonly openValue: number;
      readonly months: readonly MonthForecast[];
      /** All the months together. */
      readonly total: { readonly value: Estimate; readonly backtest: Backtest };
    }
  | {
      readonly is: 'not enough yet';
      readonly months: number;
      readonly won: number;
      readonly needed: { readonly months: number; readonly won: number };
    };

const FEWEST_MONTHS = 6;
const FEWEST_WON = 30;

export function forecastOf(fold: ForecastFold, level = 0.95): Forecast {
  const now = fold.marks.length - 1;
  const all = Array.from({ length: fold.horizon }, (_, i) => i + 1);
  const won = countWon(fold, now);
  if (now < fold.horizon + FEWEST_MONTHS - 1 || won < FEWEST_WON)
    return {
      is: 'not enough yet',
      months: now,
      won,
      needed: { months: fold.horizon + FEWEST_MONTHS - 1, won: FEWEST_WON },
    };
  const open = everyCell(fold).map((cell) => openSums(fold, cell, now));
  const ahead = (months: readonly number[]) => {
    const backtest = backtestOf(fold, months, level);
    return {
      value: predict(fold, now, months, level, spreadOf(backtest.scores)).estimate,
      backtest: backtest.figures,
    };
  };
  return {
    is: 'forecast',
    openDeals: open.reduce((sum, [n]) => sum + n, 0),
    openValue: open.reduce((sum, [, value]) => sum + value, 0),
    months: all.map((month) => ({ month, ...ahead([month]) })),
    total: ahead(all),
  };
}

/**
 * The open value of each cell times its rate. Variance: that of the deals (each is won or not, as a whole) and that of
 * the rates; `spread` widens it by what the backtest saw beyond. The quantiles are Cornish and Fisher's (1937), because
 * a few large deals make the sum skewed.
 */
function predict(fold: ForecastFold, mark: number, months: readonly number[], level: number, spread: number) {
  let [value, variance, third, most] = [0, 0, 0, 0];
  const known = months.map((month) => ({ rates: ratesAt(fold, mark, month), variance: 0 }));
  for (const cell of everyCell(fold)) {
    const [, first, second, cubed] = openSums(fold, cell, mark);
    if (first === 0) continue;
    let rate = 0;
    for (const month of known) {
      rate += month.rates[cell]?.rate ?? 0;
      month.variance += first ** 2 * (month.rates[cell]?.variance ?? 0);
    }
    rate = Math.min(1, rate);
    value += first * rate;
    variance += second * rate * (1 - rate);
    third += cubed * rate * (1 - rate) * (1 - 2 * rate);
    most += first;
  }
  // A large deal that was won stands in the rates of each of its last months: what they err by, they err by together.
  variance += known.reduce((sum, month) => sum + Math.sqrt(month.variance), 0) ** 2;
  const deviation = Math.sqrt(variance);
  const skewness = variance > 0 ? Math.min(2, Math.max(-2, third / deviation ** 3)) : 0;
  const z = criticalZ(level);
  const bend = ((z * z - 1) * skewness) / 6;
  const clamp = (x: number) => Math.min(most, Math.max(0, x));
  const estimate: Estimate = {
    value,
    low: clamp(value + spread * deviation * (-z + bend)),
    high: clamp(value + spread * deviation * (z + bend)),
  };
  return { estimate, deviation };
}

/** The same forecast from every past mark that had enough behind it and whose months are over. */
function backtestOf(fold: ForecastFold, months: readonly number[], level: number) {
  const furthest = Math.max(...months);
  const rows: BacktestRow[] = [];
  const scores: { readonly until: number; readonly score: number }[] = [];
  for (let mark = furthest + FEWEST_MONTHS - 1; mark < fold.marks.length - furthest; mark++) {
    // Each row is widened by what was known at its mark, never by what came later.
    const known = scores.filter(({ until }) => until <= mark).map(({ score }) => score);
    const { estimate, deviation } = predict(fold, mark, months, level, spreadOf(known));
    const actual = everyCell(fold).reduce(
      (sum, cell) => sum + months.reduce((won, month) => won + wonSums(fold, cell, mark, month)[1], 0),
      0,
    );
    if (deviation === 0) continue;
    rows.push({ at: fold.marks[mark] ?? 0, ...estimate, actual });
    scores.push({ until: mark + furthest, score: (actual - estimate.value) / deviation });
  }
  return { scores: scores.map(({ score }) => score), figures: figuresOf(rows) };
}

function figuresOf(rows: readonly BacktestRow[]): Backtest {
  const actual = rows.reduce((sum, row) => sum + row.actual, 0);
  const part = (of: (row: BacktestRow) => number) =>
    actual > 0 ? rows.reduce((sum, row) => sum + of(row), 0) / actual : null;
  return {
    rows,
    error: part((row) => Math.abs(row.value - row.actual)),
    bias: part((row) => row.value - row.actual),
    held:
      rows.length > 0
        ? rows.filter((r) => r.low <= r.actual && r.actual <= r.high).length / rows.length
        : null,
  };
}

/** How many times wider the past was than the model says. Ten rows' worth of "as the model says" steady it. */
function spreadOf(scores: readonly number[]): number {
  const squares = scores.reduce((sum, score) => sum + score * score, 0);
  return Math.sqrt((squares + 10) / (scores.length + 10));
}

function everyCell(fold: ForecastFold): number[] {
  return Array.from({ length: fold.cells }, (_, cell) => cell);
}
