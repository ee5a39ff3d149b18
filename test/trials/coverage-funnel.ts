// Figures of `report funnel`: conversion, win rate, value lost, and the bottleneck.
import { funnelsOf } from '../../analysis/conversion.ts';
import { foldJourneys, type Journey, openFunnel } from '../../analysis/funnel.ts';
import type { Dice } from '../analysis/random.ts';
import { type CoverageCase, times } from './coverage-case.ts';

const shape = { stages: ['Lead', 'Demo', 'Offer', 'Won', 'Lost'], won: ['Won'], lost: ['Lost'] };
/** Shares lost at Lead, Demo and Offer, and won; and what is lost there on average. At Offer most is lost, by far. */
const ends = [0.3, 0.2, 0.15, 0.35];
const sizes = [500, 3_000, 15_000, 5_000];
function funnelOf(dice: Dice, n: number, odds = ends) {
  const journeys = times(n, (): Journey => {
    const end = dice.pick(odds);
    const stages = [...shape.stages.slice(0, end + 1), ...(end === 3 ? [] : ['Lost'])];
    return { group: 'all', amount: dice.logNormal(sizes[end] ?? 0, 0.8), stages };
  });
  return funnelsOf(foldJourneys(openFunnel(shape), journeys))[0];
}

const funnels: readonly CoverageCase[] = [30, 200, 1_000].flatMap((n) => [
  {
    report: 'funnel',
    statistic: 'conversion of the decided',
    world: 'Demo to Offer, true 5/7',
    n,
    draw: (dice) => ({ truth: 0.5 / 0.7, interval: funnelOf(dice, n)?.stages[1]?.ofDecided ?? null }),
  },
  {
    report: 'funnel',
    statistic: 'win rate of the closed',
    world: 'true 0.35',
    n,
    draw: (dice) => ({ truth: 0.35, interval: funnelOf(dice, n)?.winRate ?? null }),
  },
]);

const isStated = (estimate: { low: number; high: number } | undefined) =>
  estimate !== undefined && Number.isFinite(estimate.low) ? estimate : null;
const losses: readonly CoverageCase[] = [
  [0.2, 200],
  [0.2, 1_000],
  [0.03, 1_000],
  [0.03, 2_000],
].map(([share = 0, n = 0]) => ({
  report: 'funnel',
  statistic: 'value lost at a stage',
  world: `Demo, ${100 * share} % of deals, log-spread 0.8`,
  n,
  draw: (dice) => {
    const funnel = funnelOf(dice, n, [0.3, share, 0.15, 0.55 - share]);
    return { truth: share * 3_000 * n, interval: isStated(funnel?.stages[1]?.loss) };
  },
}));
const bottlenecks: readonly CoverageCase[] = (['loss', 'lead'] as const).flatMap((part) =>
  [400, 1_000].map((n) => ({
    report: 'funnel',
    statistic: part === 'loss' ? 'value that the bottleneck loses' : 'its lead over the next stage',
    world: 'Offer loses four times as much as Demo, log-spread 0.8',
    n,
    draw: (dice: Dice) => {
      const found = funnelOf(dice, n)?.bottleneck;
      const isNamed = found?.is === 'named' && found.stage === 'Offer' && found.over === 'Demo';
      return { truth: n * (part === 'loss' ? 2_250 : 2_250 - 600), interval: isNamed ? found[part] : null };
    },
  })),
);

export const funnelFigures: readonly CoverageCase[] = [...funnels, ...losses, ...bottlenecks];
