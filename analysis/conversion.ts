// A folded funnel as figures: each stage's conversion with its interval, the overall win rate, and the bottleneck.
// Two rates are given, because deals that still stand somewhere have not answered yet: of those decided, and of all so far.
import { type Bottleneck, bottleneckOf, lossOf } from './bottleneck.ts';
import type { FunnelFold, Tally } from './funnel.ts';
import { type Estimate, type Share, shareOf } from './stats.ts';

export interface StageFigures {
  readonly stage: string;
  readonly entered: number;
  /** Of them, those that were ever moved here; the others jumped over it. */
  readonly stood: number;
  readonly advanced: number;
  readonly lost: number;
  /** Still standing here: neither further nor lost. */
  readonly open: number;
  /** Advanced of those that advanced or were lost here; null at the last stage, and where nobody is decided or ever stood. */
  readonly ofDecided: Share | null;
  /** Advanced of all that entered, the open ones counted as not advanced. */
  readonly soFar: Share | null;
  /** Value lost here, in the amounts' unit. */
  readonly loss: Estimate;
}
export interface Funnel {
  readonly group: string;
  readonly deals: number;
  readonly won: number;
  readonly lost: number;
  readonly open: number;
  readonly wonValue: number;
  readonly unpriced: number;
  readonly unplaced: number;
  /** Won of the closed. */
  readonly winRate: Share | null;
  /** Won of all deals, the open ones counted as not won. */
  readonly soFar: Share | null;
  readonly stages: readonly StageFigures[];
  readonly bottleneck: Bottleneck;
}

/** One funnel per group, in the order in which the groups were first met. */
export function funnelsOf(fold: FunnelFold, level = 0.95): Funnel[] {
  return [...fold.groups].map(([group, tally]) => ({
    group,
    deals: tally.deals,
    won: tally.won,
    lost: tally.lost,
    open: tally.deals - tally.won - tally.lost,
    wonValue: tally.wonValue,
    unpriced: tally.unpriced,
    unplaced: tally.unplaced,
    winRate: shareOf(tally.won, tally.won + tally.lost, level),
    soFar: shareOf(tally.won, tally.deals, level),
    stages: fold.order.map((stage, place) => stageFigures(tally, stage, place, level)),
    bottleneck: bottleneckOf(fold, tally, level),
  }));
}

function stageFigures(tally: Tally, stage: string, place: number, level: number): StageFigures {
  const [entered, advanced, lost] = [tally.entered, tally.advanced, tally.lostAt].map(
    (of) => of[place] ?? 0,
  ) as [number, number, number];
  const stood = tally.stood[place] ?? 0;
  const isAsked = place < tally.entered.length - 1 && (place === 0 || stood > 0);
  return {
    stage,
    entered,
    stood,
    advanced,
    lost,
    open: entered - advanced - lost,
    ofDecided: isAsked ? shareOf(advanced, advanced + lost, level) : null,
    soFar: isAsked ? shareOf(advanced, entered, level) : null,
    loss: lossOf(tally, place, level),
  };
}
