// Points that halve: a sum of terms, each with its own half-life, its value at any later instant, and the exact instant
// at which it crosses a level. Terms of both signs are allowed, so that a sum may rise as its penalties fade.

/** `value` points at `at`; half of them after `halfLifeMs`. A half-life of null never fades. */
export interface Term {
  readonly value: number;
  readonly at: number;
  readonly halfLifeMs: number | null;
}
export interface Crossing {
  /** The first whole millisecond on the other side. */
  readonly at: number;
  /** True: from below to the level or over; false: from the level or over to below. */
  readonly isUp: boolean;
}

/** The share that is left after `ageMs`; 1 before the beginning. */
export function leftAfter(ageMs: number, halfLifeMs: number | null): number {
  return halfLifeMs === null || ageMs <= 0 ? 1 : 2 ** (-ageMs / halfLifeMs);
}

export function sumAt(terms: readonly Term[], at: number): number {
  return terms.reduce((sum, term) => sum + term.value * leftAfter(at - term.at, term.halfLifeMs), 0);
}

/** When the sum next crosses `level` by time alone, after `now`; null: never. */
export function nextCrossing(terms: readonly Term[], level: number, now: number): Crossing | null {
  const isAbove = (at: number) => sumAt(terms, at) >= level;
  const here = isAbove(now);
  const decays = gather([...terms, { value: -level, at: now, halfLifeMs: null }], now);
  for (const root of rootsOf(decays)) {
    // The root is good to far less than a millisecond; the whole ones around it settle which is the first past it.
    const near = now + Math.max(0, Math.floor(root) - 1);
    for (let at = Math.max(near, now + 1); at <= near + 3; at++)
      if (isAbove(at) !== here) return { at, isUp: !here };
  }
  return null;
}

/** One exponential: `value * exp(-rate * t)`, t in ms from now. */
interface Decay {
  readonly value: number;
  readonly rate: number;
}

/** One decay per half-life, slowest first. */
function gather(terms: readonly Term[], now: number): Decay[] {
  const byRate = new Map<number, number>();
  for (const { value, at, halfLifeMs } of terms) {
    const rate = halfLifeMs === null ? 0 : Math.LN2 / halfLifeMs;
    byRate.set(rate, (byRate.get(rate) ?? 0) + value * leftAfter(now - at, halfLifeMs));
  }
  return [...byRate]
    .map(([rate, value]) => ({ value, rate }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => a.rate - b.rate);
}

/**
 * Where a sum of exponentials changes sign, in order, t > 0. With the slowest term divided out it is a constant and a
 * sum of one term fewer; between the roots of its derivative it is monotone, so that bisection finds each root (Rolle).
 */
function rootsOf(decays: readonly Decay[]): number[] {
  const [slowest, next] = decays;
  if (!slowest || !next) return [];
  const shifted = decays.map(({ value, rate }) => ({ value, rate: rate - slowest.rate }));
  const value = (t: number) => shifted.reduce((sum, one) => sum + one.value * Math.exp(-one.rate * t), 0);
  const turns = rootsOf(shifted.slice(1).map((one) => ({ value: -one.value * one.rate, rate: one.rate })));
  // Beyond this the slowest term outweighs all others together.
  const others = shifted.slice(1).reduce((sum, one) => sum + Math.abs(one.value), 0);
  const horizon = Math.log(others / Math.abs(slowest.value)) / (next.rate - slowest.rate) + 1;
  const edges = [0, ...turns.filter((t) => t > 0 && t < horizon), Math.max(horizon, 1)];
  return edges.slice(1).flatMap((end, i) => {
    const start = edges[i] ?? 0;
    return value(start) >= 0 === value(end) >= 0 ? [] : [bisect(value, start, end)];
  });
}

function bisect(value: (t: number) => number, start: number, end: number): number {
  const isAbove = value(start) >= 0;
  let [low, high] = [start, end];
  for (let i = 0; i < 200 && high - low > 1e-3; i++) {
    const middle = (low + high) / 2;
    if (value(middle) >= 0 === isAbove) low = middle;
    else high = middle;
  }
  return high;
}
