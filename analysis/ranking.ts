// How good a prediction is, from predicted log-odds and what then happened: calibration, lift table, thresholds.
// Meant for predictions of cases that the model has not seen.
import type { Predicted } from './auc.ts';
import { chanceOf, fitLogistic } from './logistic.ts';
import { criticalZ } from './normal.ts';
import { type Estimate, type Share, shareOf } from './stats.ts';

/** Cox (1958): the outcome regressed on the predicted log-odds. Right is slope 1, intercept 0; under 1 is overconfident. */
export function calibrationOf({ logits, won }: Predicted): { slope: number; intercept: number } {
  const { intercept, weights } = fitLogistic({ rows: logits.length, columns: 1, x: logits }, won, 1e-9);
  return { slope: weights[0] ?? 0, intercept };
}

export interface LiftRow {
  /** The best ranked come first; together the rows hold every case. */
  readonly cases: number;
  readonly predicted: number;
  readonly won: Share | null;
  /** Win rate over that of all. */
  readonly lift: number;
  /** Share of all wins in this row and those before it. */
  readonly captured: number;
}

export function liftTableOf(predicted: Predicted, rows = 10): LiftRow[] {
  const order = bestFirst(predicted);
  const total = predicted.won.reduce((a, b) => a + b, 0);
  let captured = 0;
  return Array.from({ length: rows }, (_, row) => {
    const own = order.slice(
      Math.round((row * order.length) / rows),
      Math.round(((row + 1) * order.length) / rows),
    );
    const won = own.reduce((sum, i) => sum + (predicted.won[i] ?? 0), 0);
    captured += won;
    const mean = own.reduce((sum, i) => sum + chanceOf(predicted.logits[i] ?? 0), 0) / own.length;
    const lift = won / own.length / (total / order.length);
    return {
      cases: own.length,
      predicted: mean,
      won: shareOf(won, own.length),
      lift,
      captured: captured / total,
    };
  });
}

export interface SuggestedThreshold {
  /** The share of cases that it lets through. */
  readonly top: number;
  /** The predicted chance at which it lies, with the interval of a quantile (order statistics). */
  readonly at: Estimate;
  /** Win rate of those at or over it, and the share of all wins among them. */
  readonly won: Share | null;
  readonly captured: Share | null;
}

export function thresholdsOf(
  predicted: Predicted,
  tops: readonly number[],
  level = 0.95,
): SuggestedThreshold[] {
  const order = bestFirst(predicted);
  const n = order.length;
  const total = predicted.won.reduce((a, b) => a + b, 0);
  const chance = (place: number) =>
    chanceOf(predicted.logits[order[Math.min(n - 1, Math.max(0, place))] ?? 0] ?? 0);
  return tops.map((top) => {
    const half = criticalZ(level) * Math.sqrt(n * top * (1 - top));
    const last = Math.max(1, Math.round(n * top));
    const won = order.slice(0, last).reduce((sum, i) => sum + (predicted.won[i] ?? 0), 0);
    return {
      top,
      at: {
        value: chance(last - 1),
        low: chance(Math.ceil(last - 1 + half)),
        high: chance(Math.floor(last - 1 - half)),
      },
      won: shareOf(won, last, level),
      captured: shareOf(won, total, level),
    };
  });
}

function bestFirst({ logits }: Predicted): number[] {
  return Array.from(logits, (_, i) => i).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
}
