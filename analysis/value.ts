// What deals are worth: win rate, average deal and value won, by any group; folded one closed deal at a time. Amounts are of
// one currency: the caller keeps currencies apart.
import { addMoment, type Estimate, type Moments, meanOf, noMoments, type Share, shareOf } from './stats.ts';

export interface ClosedDeal {
  readonly group: string;
  readonly isWon: boolean;
  /** null: not known; the deal counts for the win rate, not for the average. */
  readonly amount: number | null;
}
export interface DealValue {
  readonly group: string;
  readonly won: number;
  readonly lost: number;
  readonly winRate: Share | null;
  /** Of the won deals with an amount; null without one. */
  readonly average: number | null;
  /** The same with its interval; null under thirty of them. */
  readonly averageDeal: Estimate | null;
  readonly wonValue: number;
  readonly unpriced: number;
}
export interface ValueTally {
  won: number;
  lost: number;
  unpriced: number;
  readonly amounts: Moments;
}
export type ValueFold = Map<string, ValueTally>;

export function addClosedDeal(fold: ValueFold, { group, isWon, amount }: ClosedDeal): void {
  let tally = fold.get(group);
  if (!tally) {
    tally = { won: 0, lost: 0, unpriced: 0, amounts: noMoments() };
    fold.set(group, tally);
  }
  if (!isWon) {
    tally.lost += 1;
    return;
  }
  tally.won += 1;
  if (amount === null) tally.unpriced += 1;
  else addMoment(tally.amounts, amount);
}

export function valuesOf(fold: ValueFold, level = 0.95): DealValue[] {
  return [...fold].map(([group, { won, lost, unpriced, amounts }]) => ({
    group,
    won,
    lost,
    winRate: shareOf(won, won + lost, level),
    average: amounts.n > 0 ? amounts.mean : null,
    averageDeal: meanOf(amounts, level),
    wonValue: amounts.mean * amounts.n,
    unpriced,
  }));
}
