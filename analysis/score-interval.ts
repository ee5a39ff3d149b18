// Score intervals for two independent shares: their difference (Miettinen and Nurminen 1985) and their ratio (the
// same, after Koopman 1984). Each is the set of values that the score test does not reject, found by bisection; the
// shares under each value are fitted in closed form. They keep their coverage where shares are small or groups unequal.
import { criticalZ } from './normal.ts';
import type { Estimate } from './stats.ts';

interface Counts {
  readonly people: number;
  readonly reached: number;
}

/** Interval of share(a) - share(b), from -1 to 1. Both groups hold at least one person. */
export function differenceInterval(a: Counts, b: Counts, level = 0.95): Estimate {
  const z = criticalZ(level);
  const value = a.reached / a.people - b.reached / b.people;
  const statistic = (d: number) => {
    const pb = fittedUnderDifference(a, b, d);
    return standardised(value - d, a, b, pb + d, pb, 1);
  };
  return {
    value,
    low: bisect(-1, value, (d) => statistic(d) <= z),
    high: bisect(1, value, (d) => statistic(d) >= -z),
  };
}

/** Interval of share(a) / share(b), from 0 to Infinity. */
export function ratioInterval(a: Counts, b: Counts, level = 0.95): Estimate {
  const z = criticalZ(level);
  const [pa, pb] = [a.reached / a.people, b.reached / b.people];
  // Searched as u = r / (1 + r), so that 0 to Infinity becomes 0 to 1.
  const statistic = (u: number) => {
    const r = u / (1 - u);
    const fitted = fittedUnderRatio(a, b, r);
    return standardised(pa - r * pb, a, b, r * fitted, fitted, r);
  };
  const middle = pa + pb > 0 ? pa / (pa + pb) : 0.5;
  const low = a.reached === 0 ? 0 : bisect(0, middle, (u) => statistic(u) <= z);
  const high = b.reached === 0 ? 1 : bisect(1, middle, (u) => statistic(u) >= -z);
  return { value: pa / pb, low: low / (1 - low), high: high / (1 - high) };
}

function standardised(gap: number, a: Counts, b: Counts, pa: number, pb: number, weight: number): number {
  const people = a.people + b.people;
  const variance = (pa * (1 - pa)) / a.people + (weight ** 2 * pb * (1 - pb)) / b.people;
  const corrected = (Math.max(0, variance) * people) / (people - 1);
  return corrected > 0 ? gap / Math.sqrt(corrected) : Math.sign(gap) * Number.POSITIVE_INFINITY;
}

/** Share of b when share(a) = share(b) + d: the root of the likelihood's cubic that lies in range (their appendix). */
function fittedUnderDifference(a: Counts, b: Counts, d: number): number {
  const people = a.people + b.people;
  const reached = a.reached + b.reached;
  const l2 = (a.people + 2 * b.people) * d - people - reached;
  const l1 = (b.people * d - people - 2 * b.reached) * d + reached;
  const l0 = b.reached * d * (1 - d);
  const q = l2 ** 3 / (3 * people) ** 3 - (l1 * l2) / (6 * people ** 2) + l0 / (2 * people);
  const p = Math.sign(q || 1) * Math.sqrt(Math.max(0, (l2 / (3 * people)) ** 2 - l1 / (3 * people)));
  const cosine = p === 0 ? 0 : Math.min(1, Math.max(-1, q / p ** 3));
  const root = 2 * p * Math.cos((Math.PI + Math.acos(cosine)) / 3) - l2 / (3 * people);
  return Math.min(Math.min(1, 1 - d), Math.max(Math.max(0, -d), root));
}

function fittedUnderRatio(a: Counts, b: Counts, r: number): number {
  const square = (a.people + b.people) * r;
  const linear = -(a.people * r + a.reached + b.people + b.reached * r);
  const constant = a.reached + b.reached;
  if (square === 0) return -constant / linear;
  return (-linear - Math.sqrt(Math.max(0, linear ** 2 - 4 * square * constant))) / (2 * square);
}

/** Where between `outside` and `inside` the test starts to accept. */
export function bisect(outside: number, inside: number, isAccepted: (x: number) => boolean): number {
  let [out, inn] = [outside, inside];
  for (let i = 0; i < 52; i++) {
    const middle = (out + inn) / 2;
    if (isAccepted(middle)) inn = middle;
    else out = middle;
  }
  return inn;
}
