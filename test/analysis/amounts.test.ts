import { describe, expect, it } from 'vitest';
import { followsOutcome, withAverage } from '../../analysis/amounts.ts';
import { addMoment, noMoments } from '../../analysis/stats.ts';

describe('amounts that are not known', () => {
  it('follow the outcome where they are known of the won and seldom of the others', () => {
    const won = { deals: 100, priced: 100 };
    expect(followsOutcome(won, { deals: 60, priced: 0 })).toBe(true);
    expect(followsOutcome(won, { deals: 60, priced: 29 })).toBe(true);
    expect(followsOutcome(won, { deals: 60, priced: 30 })).toBe(false);
    expect(followsOutcome({ deals: 100, priced: 40 }, { deals: 60, priced: 20 })).toBe(false);
    expect(followsOutcome({ deals: 0, priced: 0 }, { deals: 60, priced: 0 })).toBe(false);
  });

  it('count as drawn from the known ones: the sums of powers are those of the sample, so many times over', () => {
    const known = [100, 250, 900, 40, 7_000];
    const average = noMoments();
    for (const amount of known) addMoment(average, amount);
    const power = (k: number) => known.reduce((sum, x) => sum + x ** k, 0);
    const sums = withAverage({ deals: 13, priced: 3 }, [13, 10, 100, 1_000], average);
    expect(sums[0]).toBe(13);
    // Ten are missing: twice the five.
    expect(sums[1]).toBeCloseTo(10 + 2 * power(1), 6);
    expect(sums[2] / (100 + 2 * power(2))).toBeCloseTo(1, 12);
    expect(sums[3] / (1_000 + 2 * power(3))).toBeCloseTo(1, 12);
  });

  it('stay unknown where no deal was won with one', () => {
    expect(withAverage({ deals: 5, priced: 2 }, [5, 1, 2, 3], noMoments())).toEqual([5, 1, 2, 3]);
  });
});
