// Chance for tests: a seeded generator and the draws that generated data is made of. The same seed gives the same data
// on every machine, so a coverage that is asserted once holds for good.

export interface Dice {
  uniform(): number;
  below(n: number): number;
  chance(p: number): boolean;
  normal(): number;
  exponential(mean: number): number;
  logNormal(mean: number, sigma: number): number;
  pick(weights: readonly number[]): number;
}

/** Mulberry32 for the uniforms; Box-Muller for the normals. */
export function rollDice(seed: number): Dice {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    below: (n) => Math.floor(uniform() * n),
    chance: (p) => uniform() < p,
    exponential: (mean) => -mean * Math.log(uniform()),
    logNormal: (mean, sigma) => mean * Math.exp(sigma * normal() - (sigma * sigma) / 2),
    pick: (weights) => {
      let left = uniform() * weights.reduce((a, b) => a + b, 0);
      return Math.max(
        0,
        weights.findIndex((w) => {
          left -= w;
          return left < 0;
        }),
      );
    },
  };
}

/** The share of intervals that hold the truth. A null interval counts as a miss. */
export function coverage(
  samples: number,
  truth: number,
  draw: () => { readonly low: number; readonly high: number } | null,
): number {
  let held = 0;
  for (let i = 0; i < samples; i++) {
    const interval = draw();
    if (interval && interval.low <= truth && truth <= interval.high) held += 1;
  }
  return held / samples;
}
