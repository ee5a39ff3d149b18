import { describe, expect, it } from 'vitest';
import { returningOf } from '../../analysis/lifetime.ts';
import { addClosedDeal, type ValueFold, valuesOf } from '../../analysis/value.ts';
import { coverage, rollDice } from './random.ts';

describe('deal value', () => {
  it('is counted by group, unknown amounts apart', () => {
    const fold: ValueFold = new Map();
    for (let i = 0; i < 20; i++)
      addClosedDeal(fold, { group: 'web', isWon: i < 12, amount: i < 12 ? 100 + i : null });
    addClosedDeal(fold, { group: 'web', isWon: true, amount: null });
    addClosedDeal(fold, { group: 'fair', isWon: false, amount: 5 });
    const [web, fair] = valuesOf(fold);
    expect(web).toMatchObject({
      won: 13,
      lost: 8,
      unpriced: 1,
      wonValue: 1_266,
      average: 105.5,
      averageDeal: null,
    });
    expect(web?.winRate?.value).toBeCloseTo(13 / 21, 12);
    expect(fair).toMatchObject({ won: 0, lost: 1, average: null, averageDeal: null, wonValue: 0 });
  });

  it('has intervals of average deal and win rate that hold the truth 93 to 97 per cent of the time', () => {
    const dice = rollDice(61);
    const drawn = Array.from({ length: 2_000 }, () => {
      const fold: ValueFold = new Map();
      for (let i = 0; i < 300; i++)
        addClosedDeal(fold, { group: 'all', isWon: dice.chance(0.35), amount: dice.logNormal(2_000, 0.8) });
      return valuesOf(fold)[0];
    });
    for (const held of [
      coverage(
        2_000,
        2_000,
        (
          (i = 0) =>
          () =>
            drawn[i++]?.averageDeal ?? null
        )(),
      ),
      coverage(
        2_000,
        0.35,
        (
          (i = 0) =>
          () =>
            drawn[i++]?.winRate ?? null
        )(),
      ),
    ]) {
      expect(held).toBeGreaterThan(0.93);
      expect(held).toBeLessThan(0.97);
    }
  });
});

describe('buying again', () => {
  it('is a share within a time, young customers reckoned in, that holds the truth 93 to 97 per cent of the time', () => {
    const dice = rollDice(15);
    // 40 % ever come back, after 100 days on average; customers have been seen for 0 to 400 days.
    const truth = 0.4 * (1 - Math.exp(-180 / 100));
    const held = coverage(2_000, truth, () => {
      const customers = Array.from({ length: 200 }, () => {
        const seen = dice.uniform() * 400;
        const back = dice.chance(0.4) ? dice.exponential(100) : Number.POSITIVE_INFINITY;
        return { ms: Math.min(seen, back), returned: back <= seen };
      });
      return returningOf(customers, 180)?.within ?? null;
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });

  it('is unknown without customers, and has no median while fewer than half came back', () => {
    expect(returningOf([], 1)).toBeNull();
    const one = [
      { ms: 5, returned: true },
      { ms: 9, returned: false },
      { ms: 9, returned: false },
    ];
    expect(returningOf(one, 6)).toMatchObject({ customers: 3, returned: 1, median: { ms: null } });
    expect(returningOf(one, 10)?.within).toBeNull();
    expect(returningOf(one, 6)?.within?.value).toBeCloseTo(1 / 3, 12);
  });
});
