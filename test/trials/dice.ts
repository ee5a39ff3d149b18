// Chance that can be thrown again: mulberry32 by Tommy Ettinger, from a seed that every report names.

export interface Dice {
  /** A whole number in [0, n). */
  below(n: number): number;
}

export function openDice(seed: number): Dice {
  let state = seed >>> 0;
  return {
    below(n) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
    },
  };
}
