// Where a funnel loses most: the stage with the largest loss of value, named only if the loss stands out from every
// other stage's. Not the smallest percentage: a stage that keeps 20 % of small leads may cost less than one that keeps
// 70 % of large deals. Stages from the winning one on are left out: what is lost there was won first. Where the lead is
// thin the loss is stated high, because the stage was picked for being the largest.
import { followsOutcome } from './amounts.ts';
import type { FunnelFold, Tally } from './funnel.ts';
import { type Estimate, meanOf } from './stats.ts';

export type Bottleneck =
  | {
      readonly is: 'named';
      readonly stage: string;
      readonly loss: Estimate;
      /** Of the value lost before the win. */
      readonly shareOfLoss: number;
      /** How much more it loses than `over`, the stage that comes closest. */
      readonly lead: Estimate;
      readonly over: string;
      /** The stage with the smallest conversion of the decided, for comparison. */
      readonly smallestRate: string;
    }
  /** Those that could be the largest: the largest measured first. */
  | { readonly is: 'none stands out'; readonly candidates: readonly string[]; readonly lead: Estimate }
  | { readonly is: 'not enough yet'; readonly lost: number; readonly needed: number }
  /** Deals were lost, but few with an amount beside the won ones: weigh them by number instead, with an amount of 1 each. */
  | { readonly is: 'no amounts'; readonly lost: number; readonly priced: number };

/** Lost deals under which nothing is named. */
const FEWEST_LOST = 30;

/** Deals lost at a stage under which the value lost there has no interval: it then is as wide as can be. */
const FEWEST_LOST_HERE = 10;

/** Value lost at a stage. Deals are taken as independent draws; Hall's interval (see `meanOf`) times their number. */
export function lossOf(tally: Tally, place: number, level = 0.95): Estimate {
  const isTooFew = (tally.lostAt[place] ?? 0) < FEWEST_LOST_HERE;
  if (isTooFew) return unbounded(sumsAt(tally, place)[0]);
  return totalOf(tally.deals, sumsAt(tally, place), level);
}

/**
 * Comparison with the best, Hsu (1984): the largest is named when its lead over each other stage has an interval above
 * 0. Wrong claims then stay under 1 - level without a correction for the number of stages.
 */
export function bottleneckOf(fold: FunnelFold, tally: Tally, level = 0.95): Bottleneck {
  const places = fold.order.map((_, place) => place).slice(0, fold.wonAt);
  const lost = places.reduce((sum, place) => sum + (tally.lostAt[place] ?? 0), 0);
  const value = (place: number) => sumsAt(tally, place)[0];
  const total = places.reduce((sum, place) => sum + value(place), 0);
  if (lost < FEWEST_LOST || places.length < 2) return { is: 'not enough yet', lost, needed: FEWEST_LOST };
  const [won, gone] = [
    { deals: tally.won, priced: tally.wonPriced },
    { deals: tally.lost, priced: tally.lostPriced },
  ];
  if (total === 0 || followsOutcome(won, gone)) return { is: 'no amounts', lost, priced: tally.lostPriced };

  const [top = 0, ...others] = [...places].sort((a, b) => value(b) - value(a));
  const leads = others
    .map((place) => ({ place, lead: leadOf(tally, top, place, level) }))
    .sort((a, b) => a.lead.low - b.lead.low);
  const closest = leads[0];
  if (!closest) return { is: 'not enough yet', lost, needed: FEWEST_LOST };
  const name = (place: number) => fold.order[place] ?? '';
  if (closest.lead.low <= 0) {
    const rivals = leads.filter(({ lead }) => lead.low <= 0).map(({ place }) => place);
    const candidates = [top, ...rivals.sort((a, b) => value(b) - value(a))].map(name);
    return { is: 'none stands out', candidates, lead: closest.lead };
  }
  const rate = (place: number) => {
    const [advanced, lostHere] = [tally.advanced[place] ?? 0, tally.lostAt[place] ?? 0];
    return advanced + lostHere > 0 ? advanced / (advanced + lostHere) : 1;
  };
  return {
    is: 'named',
    stage: name(top),
    loss: lossOf(tally, top, level),
    shareOfLoss: value(top) / total,
    lead: closest.lead,
    over: name(closest.place),
    smallestRate: name([...places].sort((a, b) => rate(a) - rate(b))[0] ?? top),
  };
}

/** A deal is lost at one stage at most, so that even powers add and odd ones subtract. */
function leadOf(tally: Tally, a: number, b: number, level: number): Estimate {
  const [one, two] = [sumsAt(tally, a), sumsAt(tally, b)];
  return totalOf(tally.deals, [one[0] - two[0], one[1] + two[1], one[2] - two[2]], level);
}

function sumsAt(tally: Tally, place: number): [number, number, number] {
  const [first, second, third] = tally.lostSums;
  return [first[place] ?? 0, second[place] ?? 0, third[place] ?? 0];
}

const unbounded = (value: number): Estimate => ({
  value,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
});

/** The sum of n draws from its power sums; under thirty deals it is as wide as can be. */
function totalOf(n: number, [first, second, third]: [number, number, number], level: number): Estimate {
  const mean = n > 0 ? first / n : 0;
  const m2 = Math.max(0, second - n * mean ** 2);
  const m3 = third - 3 * mean * second + 2 * n * mean ** 3;
  const estimate = meanOf({ n, mean, m2, m3 }, level);
  if (!estimate) return unbounded(first);
  return { value: first, low: n * estimate.low, high: n * estimate.high };
}
