// Figures of `report stages`, `value` and `costs`: medians, velocity, averages, lifetimes, and what a deal cost.
import { costsOf } from '../../analysis/costs.ts';
import { velocityOf } from '../../analysis/durations.ts';
import { returningOf } from '../../analysis/lifetime.ts';
import { addMoment, meanOf, noMoments, shareOf } from '../../analysis/stats.ts';
import { quantileOf, survivalOf } from '../../analysis/survival.ts';
import { addClosedDeal, type ValueFold, valuesOf } from '../../analysis/value.ts';
import type { Dice } from '../analysis/random.ts';
import { type CoverageCase, countOf, times } from './coverage-case.ts';

type Amount = readonly [world: string, mean: number, draw: (dice: Dice) => number];
const amounts: readonly Amount[] = [
  ['log-spread 0.5', 2_000, (dice) => dice.logNormal(2_000, 0.5)],
  ['log-spread 1', 2_000, (dice) => dice.logNormal(2_000, 1)],
  ['log-spread 1.3', 2_000, (dice) => dice.logNormal(2_000, 1.3)],
  ['exponential', 2_000, (dice) => dice.exponential(2_000)],
  ['four list prices', 106, (dice) => [10, 50, 100, 340][dice.pick([0.3, 0.3, 0.2, 0.2])] ?? 0],
];
const means: readonly CoverageCase[] = amounts.flatMap(([world, mean, draw]) =>
  [30, 50, 200].map((n) => ({
    report: 'value',
    statistic: 'average won deal',
    world,
    n,
    // A few prices far apart have no tail beyond them: 98 and 97.4 % at 30 and 50 deals, 95.4 % at 200.
    isWide: world === 'four list prices' && n < 100,
    draw: (dice: Dice) => {
      const fold: ValueFold = new Map();
      for (let i = 0; i < n; i++) addClosedDeal(fold, { group: 'all', isWon: true, amount: draw(dice) });
      return {
        truth: mean,
        interval: valuesOf(fold)[0]?.averageDeal ?? null,
      };
    },
  })),
);

type Stay = readonly [
  world: string,
  median: number,
  draw: (dice: Dice) => readonly [ms: number, seen: number],
];
const stays: readonly Stay[] = [
  ['exponential, a third open', 20 * Math.LN2, (dice) => [dice.exponential(20), dice.exponential(40)]],
  ['exponential, half open', 20 * Math.LN2, (dice) => [dice.exponential(20), dice.exponential(20)]],
  [
    'log-normal, seen for 0 to 60 days',
    20 * Math.exp(-0.32),
    (dice) => [dice.logNormal(20, 0.8), 60 * dice.uniform()],
  ],
];
const medians: readonly CoverageCase[] = stays.flatMap(([world, truth, draw]) =>
  [20, 50, 200].map((n) => ({
    report: 'stages',
    statistic: 'median time in stage',
    world,
    n,
    draw: (dice: Dice) => {
      const spells = times(n, () => {
        const [ms, seen] = draw(dice);
        return { ms: Math.min(ms, seen), ended: ms <= seen };
      });
      return { truth, interval: quantileOf(survivalOf(spells)) };
    },
  })),
);

const day = 86_400_000;
const velocities: readonly CoverageCase[] = [150, 600].map((n) => ({
  report: 'stages',
  statistic: 'velocity',
  world: '25 % won, log-spread 0.8, exponential cycle',
  n,
  draw: (dice) => {
    const spells = times(n, () => ({ ms: dice.exponential(30 * day), ended: true }));
    const won = countOf(dice, n, 0.25);
    const moments = noMoments();
    for (let i = 0; i < won; i++) addMoment(moments, dice.logNormal(800, 0.8));
    const parts = {
      winRate: shareOf(won, n),
      averageDeal: meanOf(moments),
      cycle: quantileOf(survivalOf(spells)),
    };
    return { truth: (50 * 0.25 * 800) / (30 * Math.LN2), interval: velocityOf({ openDeals: 50, ...parts }) };
  },
}));

const lifetimes: readonly CoverageCase[] = [40, 120].flatMap((n) => [
  {
    report: 'value',
    statistic: 'lifetime value at six months',
    world: 'seen for 3 to 12 months, log-spread 0.7',
    n,
    draw: (dice) => {
      const moments = noMoments();
      for (let i = 0; i < n; i++) {
        const isOldEnough = 3 + dice.below(10) >= 6;
        const later = countOf(dice, 5, 0.2);
        const spent = times(later + 1, (k) => dice.logNormal(k === 0 ? 500 : 300, 0.7));
        if (isOldEnough)
          addMoment(
            moments,
            spent.reduce((a, b) => a + b),
          );
      }
      return { truth: 500 + 0.2 * 300 * 5, interval: meanOf(moments) };
    },
  },
  {
    report: 'value',
    statistic: 'share that buys again within 180 days',
    world: '40 % ever, seen for 0 to 400 days',
    n,
    draw: (dice) => {
      const customers = times(n, () => {
        const seen = 400 * dice.uniform();
        const back = dice.chance(0.4) ? dice.exponential(100) : Number.POSITIVE_INFINITY;
        return { ms: Math.min(seen, back), returned: back <= seen };
      });
      return { truth: 0.4 * (1 - Math.exp(-1.8)), interval: returningOf(customers, 180)?.within ?? null };
    },
  },
]);

const costs: readonly CoverageCase[] = [100, 1_000].map((n) => ({
  report: 'costs',
  statistic: 'cost of a won deal',
  world: '25 a lead, 5 to 20 % won',
  n,
  draw: (dice) => {
    // Drawn anew each time: counts are whole, so a fixed share sits on a tooth of the saw.
    const share = 0.05 + 0.15 * dice.uniform();
    const won = countOf(dice, n, share);
    const cell = { source: 'ads', month: '2026-01', cost: 25 * n, leads: n, qualified: null, won };
    const [row] = costsOf([{ ...cell, open: 0, wonValue: 0 }], null).groups;
    return { truth: 25 / share, interval: row?.perWon ?? null };
  },
}));

export const valueFigures: readonly CoverageCase[] = [
  ...means,
  ...medians,
  ...velocities,
  ...lifetimes,
  ...costs,
];
