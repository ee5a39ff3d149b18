import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile, twoSided } from '../../analysis/normal.ts';
import {
  addMoment,
  difference,
  type Estimate,
  inverse,
  meanOf,
  noMoments,
  product,
  shareOf,
  studentQuantile,
} from '../../analysis/stats.ts';
import { coverage, rollDice } from './random.ts';

const within = (share: number) => {
  expect(share).toBeGreaterThan(0.93);
  expect(share).toBeLessThan(0.97);
};
const momentsOf = (values: readonly number[]) => {
  const moments = noMoments();
  for (const x of values) addMoment(moments, x);
  return moments;
};

describe('the normal distribution', () => {
  it('agrees with published values of its function', () => {
    const published = [
      [0.5, 0.691462461274013],
      [1, 0.8413447460685429],
      [1.96, 0.9750021048517795],
      [2.9, 0.9981341866996161],
      [3.1, 0.9990323967867817],
      [-8, 6.22096057427178e-16],
    ] as const;
    for (const [x, p] of published) expect(normalCdf(x) / p).toBeCloseTo(1, 13);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(twoSided(-1.959963984540054)).toBeCloseTo(0.05, 14);
  });

  it('agrees with the check values of AS 241 and inverts itself', () => {
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14);
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 13);
    for (let p = 0.001; p < 1; p += 0.001) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 14);
    expect(() => normalQuantile(1.2)).toThrow(/0\.\.1/);
  });

  it('gives the t quantiles of the printed tables', () => {
    expect(studentQuantile(0.975, 9)).toBeCloseTo(2.2622, 3);
    expect(studentQuantile(0.975, 20)).toBeCloseTo(2.086, 3);
    expect(studentQuantile(0.995, 30)).toBeCloseTo(2.75, 3);
  });
});

describe('a share', () => {
  it('has the Wilson interval of Newcombe (1998), table I: 81 of 263 and 0 of 20', () => {
    expect(shareOf(81, 263)).toMatchObject({
      low: expect.closeTo(0.2553, 4),
      high: expect.closeTo(0.3662, 4),
    });
    expect(shareOf(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
    expect(shareOf(29, 29)?.high).toBe(1);
  });

  it('is unknown of nothing, and refuses what is no share', () => {
    expect(shareOf(0, 0)).toBeNull();
    expect(() => shareOf(3, 2)).toThrow(/3 of 2/);
  });

  it.each([
    [0.3, 50],
    [0.5, 500],
    [0.1, 500],
    [0.02, 500],
  ])('of %d holds the truth 93 to 97 per cent of the time at n = %d', (p, n) => {
    const dice = rollDice(11);
    const draw = () => {
      let count = 0;
      for (let i = 0; i < n; i++) if (dice.chance(p)) count += 1;
      return shareOf(count, n);
    };
    within(coverage(4_000, p, draw));
  });
});

describe('a mean', () => {
  it('is carried by moments that equal those of two passes', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 1e6];
    const mean = values.reduce((a, b) => a + b) / values.length;
    const central = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0);
    const moments = momentsOf(values);
    expect(moments.mean).toBeCloseTo(mean, 6);
    expect(moments.m2 / central(2)).toBeCloseTo(1, 12);
    expect(moments.m3 / central(3)).toBeCloseTo(1, 12);
  });

  it('is the t interval where values are symmetric', () => {
    const values = Array.from({ length: 41 }, (_, i) => i - 20);
    const se = Math.sqrt((41 * 41 - 1) / 12 / 40);
    expect(meanOf(momentsOf(values))?.high).toBeCloseTo(2.0211 * se, 3);
  });

  it('is not stated for 29 values', () => {
    const values = Array.from({ length: 30 }, (_, i) => i);
    expect(meanOf(momentsOf(values.slice(1)))).toBeNull();
    expect(meanOf(momentsOf(values))).not.toBeNull();
  });

  it("is Hall's where values are skewed: its bounds turn back into the t quantile by the cubic itself", () => {
    const values = Array.from({ length: 40 }, (_, i) => Math.exp(i / 10));
    const n = values.length;
    const mean = values.reduce((a, b) => a + b) / n;
    const central = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / n;
    const skewness = central(3) / central(2) ** 1.5;
    const a = (1.5 * skewness) / (3 * Math.sqrt(n));
    const cubic = (t: number) => t + a * t ** 2 + (a ** 2 * t ** 3) / 3 + a / 2;
    const error = Math.sqrt(central(2) / (n - 1));
    const { low = 0, high = 0 } = meanOf(momentsOf(values)) ?? {};
    // Student's t for 39 degrees of freedom, from the printed table: 2.0227.
    expect(cubic((mean - low) / error)).toBeCloseTo(2.0227, 3);
    expect(cubic((mean - high) / error)).toBeCloseTo(-2.0227, 3);
  });

  it.each([
    [0, 50],
    [0.5, 50],
    [0.8, 30],
    [1, 200],
    [1.3, 50],
  ])('of deals with log-spread %d holds the truth 93 to 97 per cent of the time at n = %d', (sigma, n) => {
    const dice = rollDice(5);
    const draw = () =>
      meanOf(
        momentsOf(
          Array.from({ length: n }, () => (sigma ? dice.logNormal(100, sigma) : dice.normal() + 100)),
        ),
      );
    within(coverage(3_000, 100, draw));
  });
});

describe('estimates put together', () => {
  it('a difference equals Newcombe method 10 for shares: 56/70 against 48/80', () => {
    const [a, b] = [shareOf(56, 70), shareOf(48, 80)] as [Estimate, Estimate];
    expect(difference(a, b)).toMatchObject({
      low: expect.closeTo(0.0524, 4),
      high: expect.closeTo(0.3339, 4),
    });
  });

  it('a product of shares and means holds the truth 93 to 97 % of the time', () => {
    const dice = rollDice(21);
    const draw = () => {
      let won = 0;
      for (let i = 0; i < 200; i++) if (dice.chance(0.3)) won += 1;
      const amount = meanOf(momentsOf(Array.from({ length: 100 }, () => dice.logNormal(50, 0.6))));
      const days = meanOf(momentsOf(Array.from({ length: 100 }, () => dice.exponential(20))));
      const share = shareOf(won, 200);
      return share && amount && days ? product([share, amount, inverse(days)]) : null;
    };
    within(coverage(3_000, (0.3 * 50) / 20, draw));
  });
});
