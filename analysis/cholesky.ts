// Solves a x = b for a symmetric positive matrix, by Cholesky's factors. Rows one after another; `a` is overwritten.
// A direction in which the matrix carries nothing gets a floor instead of a division by zero.

const FLOOR = 1e-12;

export function solve(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  for (let j = 0; j < size; j++)
    for (let i = j; i < size; i++) {
      const rest = (a[i * size + j] ?? 0) - dotRows(a, i, j, j, size);
      a[i * size + j] = i === j ? Math.sqrt(Math.max(rest, FLOOR)) : rest / (a[j * size + j] ?? 1);
    }
  return backward(a, forward(a, b));
}

/** The product of the first `length` entries of rows i and j. */
function dotRows(a: Float64Array, i: number, j: number, length: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[i * size + k] ?? 0) * (a[j * size + k] ?? 0);
  return sum;
}

function forward(a: Float64Array, b: Float64Array): Float64Array {
  const y = Float64Array.from(b);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < i; k++) y[i] = (y[i] ?? 0) - (a[i * y.length + k] ?? 0) * (y[k] ?? 0);
    y[i] = (y[i] ?? 0) / (a[i * y.length + i] ?? 1);
  }
  return y;
}

function backward(a: Float64Array, y: Float64Array): Float64Array {
  const x = Float64Array.from(y);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] = (x[i] ?? 0) - (a[k * x.length + i] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (a[i * x.length + i] ?? 1);
  }
  return x;
}
