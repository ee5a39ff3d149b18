// Seeded dice for the generated season: the same seed throws the same season on every machine. splitmix32 over an
// FNV-1a hash of the seed; each person gets dice of their own, so that adding one changes nobody else's life.

export interface Dice {
  /** In [0, 1). */
  next(): number;
  /** True with the given odds. */
  falls(odds: number): boolean;
  /** A whole number from least to most. */
  between(least: number, most: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Around the median, skewed to the late side, as waiting for people is. */
  around(median: number): number;
}

export function throwDice(seed: string): Dice {
  let state = fnv1a(seed);
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    falls: (odds) => next() < odds,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (from) => from[Math.floor(next() * from.length)] ?? from[0],
    // Log-normal: two throws make a rough normal, e^(0.6 n) skews it.
    around: (median) => median * Math.exp(0.6 * (next() + next() + next() - 1.5) * 2),
  };
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
