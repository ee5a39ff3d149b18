// Figures of `report workflows` and `nps`: shares of people, lift, and scores.
import { npsOf } from '../../analysis/nps.ts';
import { npsBySegment } from '../../analysis/nps-segments.ts';
import { trendOf } from '../../analysis/nps-trend.ts';
import { differenceInterval } from '../../analysis/score-interval.ts';
import { shareOf } from '../../analysis/stats.ts';
import type { Dice } from '../analysis/random.ts';
import { type CoverageCase, countOf, times } from './coverage-case.ts';

/** The win share itself is drawn anew for each sample: counts are whole, so a fixed one sits on a tooth of the saw. */
const shares: readonly CoverageCase[] = [5, 10, 30, 100].map((n) => ({
  report: 'value, workflows, mails',
  statistic: 'a share',
  world: 'true share drawn from 0.02 to 0.98',
  n,
  draw: (dice) => {
    const truth = 0.02 + 0.96 * dice.uniform();
    return { truth, interval: shareOf(countOf(dice, n, truth), n) };
  },
}));

const lifts: readonly CoverageCase[] = (
  [
    [30, 270],
    [100, 900],
    [500, 500],
  ] as const
).map(([held, treated]) => ({
  report: 'workflows',
  statistic: 'lift against the holdout',
  world: `20 % against 15 %, ${held} held out`,
  n: held + treated,
  draw: (dice) => {
    const a = { people: treated, reached: countOf(dice, treated, 0.2) };
    const b = { people: held, reached: countOf(dice, held, 0.15) };
    return { truth: 0.05, interval: differenceInterval(a, b) };
  },
}));

const answersOf = (dice: Dice, n: number, promoters: number, detractors: number): number[] => {
  const counts = new Array<number>(11).fill(0);
  for (let i = 0; i < n; i++) {
    const answer = [10, 8, 3][dice.pick([promoters, 1 - promoters - detractors, detractors])] ?? 8;
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
};
const scores: readonly CoverageCase[] = [30, 100, 500].map((n) => ({
  report: 'nps',
  statistic: 'NPS',
  world: '50 % promoters, 20 % detractors',
  n,
  draw: (dice) => {
    const nps = npsOf(answersOf(dice, n, 0.5, 0.2));
    return { truth: 30, interval: nps.is === 'score' ? nps.score : null };
  },
}));
const movements: readonly CoverageCase[] = [
  {
    report: 'nps',
    statistic: 'trend of the NPS',
    world: 'four points a month, eight months',
    n: 320,
    draw: (dice) => {
      const trend = trendOf(
        times(8, (at) => ({ at, answers: answersOf(dice, 40, 0.4 + at / 50, 0.3 - at / 50) })),
      );
      return { truth: 4, interval: trend.is === 'not enough yet' ? null : trend.slope };
    },
  },
  {
    report: 'nps',
    statistic: 'segment against the rest, all three held',
    world: 'scores of 50, 20 and -10',
    n: 300,
    draw: (dice) => {
      const parts = [
        [0.6, 0.1],
        [0.45, 0.25],
        [0.3, 0.4],
      ] as const;
      const rows = parts.map(([up, down], i) => ({
        segment: `s${i}`,
        sent: 200,
        answers: answersOf(dice, 100, up, down),
      }));
      const truths = [50 - 5, 20 - 20, -10 - 35];
      const isHeld = npsBySegment(rows).every(({ againstRest: gap }, i) => {
        const truth = truths[i] ?? 0;
        return gap !== null && gap.low <= truth && truth <= gap.high;
      });
      return { truth: 0, interval: isHeld ? { low: 0, high: 0 } : { low: 1, high: 1 } };
    },
  },
];

export const peopleFigures: readonly CoverageCase[] = [...shares, ...lifts, ...scores, ...movements];
