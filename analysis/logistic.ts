// Logistic regression with an L2 penalty, by iteratively reweighted least squares (Newton's method; le Cessie and van
// Houwelingen 1992 for the ridge). Our own because nothing kept up does it, and because the weights must explain
// themselves. The intercept is not penalised; with a ridge above 0 it converges on separated data too.
import { solve } from './cholesky.ts';

export interface Logistic {
  readonly intercept: number;
  readonly weights: readonly number[];
}
/** Rows of equal length, one after another. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
}

const MOST_STEPS = 50;

export function fitLogistic(design: Design, won: Uint8Array, ridge: number): Logistic {
  let beta = new Float64Array(design.columns + 1);
  let loss = lossOf(design, won, beta, ridge);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, curvature } = differentiate(design, won, beta, ridge);
    const direction = solve(curvature, gradient);
    const from = beta;
    const walk = (scale: number) => from.map((b, j) => b + scale * (direction[j] ?? 0));
    // Full Newton steps overshoot where odds are extreme: halve until the loss falls.
    let [scale, next] = [1, walk(1)];
    let after = lossOf(design, won, next, ridge);
    while (after > loss && scale > 1e-6) {
      scale /= 2;
      next = walk(scale);
      after = lossOf(design, won, next, ridge);
    }
    if (after > loss) break;
    const gain = loss - after;
    [beta, loss] = [next, after];
    if (gain < 1e-12 * (1 + loss)) break;
  }
  return { intercept: beta[0] ?? 0, weights: [...beta.subarray(1)] };
}

/** Log-odds of each row. */
export function logitsOf(design: Design, { intercept, weights }: Logistic): Float64Array {
  const beta = Float64Array.of(intercept, ...weights);
  return Float64Array.from({ length: design.rows }, (_, row) => logitAt(design, row, beta));
}

export function chanceOf(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** -log of the chance that the model gave to what happened. */
export function surpriseOf(logit: number, won: number): number {
  return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (won ? logit : 0);
}

function logitAt({ x, columns }: Design, row: number, beta: Float64Array): number {
  let sum = beta[0] ?? 0;
  for (let j = 0; j < columns; j++) sum += (x[row * columns + j] ?? 0) * (beta[j + 1] ?? 0);
  return sum;
}

/** What is minimised: all surprise, and half the ridge times the squared weights. */
function lossOf(design: Design, won: Uint8Array, beta: Float64Array, ridge: number): number {
  let loss = (ridge / 2) * beta.subarray(1).reduce((sum, b) => sum + b * b, 0);
  for (let row = 0; row < design.rows; row++) loss += surpriseOf(logitAt(design, row, beta), won[row] ?? 0);
  return loss;
}

function differentiate(design: Design, won: Uint8Array, beta: Float64Array, ridge: number) {
  const { rows, columns, x } = design;
  const size = columns + 1;
  const gradient = beta.map((b, j) => (j === 0 ? 0 : -ridge * b));
  const curvature = new Float64Array(size * size);
  for (let j = 1; j < size; j++) curvature[j * size + j] = ridge;
  const row = Float64Array.of(1, ...new Float64Array(columns));
  const filled = new Int32Array(size);
  for (let i = 0; i < rows; i++) {
    row.set(x.subarray(i * columns, (i + 1) * columns), 1);
    let count = 0;
    for (let j = 0; j < size; j++) if (row[j] !== 0) filled[count++] = j;
    const p = chanceOf(logitAt(design, i, beta));
    addRow(gradient, curvature, row, filled.subarray(0, count), (won[i] ?? 0) - p, p * (1 - p));
  }
  return { gradient, curvature };
}

/** Only what is not 0 is touched: of a hundred columns of owners and accounts a row fills four. The lower triangle is enough. */
function addRow(
  gradient: Float64Array,
  curvature: Float64Array,
  row: Float64Array,
  filled: Int32Array,
  miss: number,
  weight: number,
): void {
  for (let a = 0; a < filled.length; a++) {
    const j = filled[a] ?? 0;
    const xj = row[j] ?? 0;
    gradient[j] = (gradient[j] ?? 0) + miss * xj;
    for (let b = 0; b <= a; b++) {
      const k = filled[b] ?? 0;
      const at = j * row.length + k;
      curvature[at] = (curvature[at] ?? 0) + weight * xj * (row[k] ?? 0);
    }
  }
}
