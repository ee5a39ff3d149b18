// Time in stage with the open deals counted, and the velocity of a pipeline. A stage visited twice gives two spells.
// Medians, not means: a mean would need the slow deals to end first.

import { type Estimate, inverse, product, type Share } from './stats.ts';
import { type Quantile, quantileOf, type Spell, type Survival, survivalOf } from './survival.ts';

export interface StageSpell extends Spell {
  readonly stage: string;
}
export interface StageDuration {
  readonly stage: string;
  readonly survival: Survival;
  readonly median: Quantile;
  /** By when a quarter, and three quarters, have left. */
  readonly quarter: Quantile;
  readonly threeQuarters: Quantile;
}

/** One row per stage of `order`; a stage without spells has n = 0 and nulls. Spells of other stages are left out. */
export function durationsOf(
  spells: Iterable<StageSpell>,
  order: readonly string[],
  level = 0.95,
): StageDuration[] {
  const byStage = new Map<string, StageSpell[]>(order.map((stage) => [stage, []]));
  for (const spell of spells) byStage.get(spell.stage)?.push(spell);
  return order.map((stage) => durationOf(stage, survivalOf(byStage.get(stage) ?? [], level)));
}

export function durationOf(stage: string, survival: Survival): StageDuration {
  return {
    stage,
    survival,
    median: quantileOf(survival, 0.5),
    quarter: quantileOf(survival, 0.25),
    threeQuarters: quantileOf(survival, 0.75),
  };
}

const DAY_MS = 86_400_000;

/**
 * Pipeline velocity, value won per day: open deals x win rate x average won deal / days from start to close. The
 * interval joins those of the three estimates (MOVER on logarithms; they are taken as independent). Null where one is
 * missing or has no finite, positive bounds yet.
 */
export function velocityOf(parts: {
  readonly openDeals: number;
  readonly winRate: Share | null;
  readonly averageDeal: Estimate | null;
  readonly cycle: Quantile;
}): Estimate | null {
  const { openDeals, winRate, averageDeal, cycle } = parts;
  if (!winRate || !averageDeal || cycle.ms === null || cycle.low === null || cycle.high === null) return null;
  const days = { value: cycle.ms / DAY_MS, low: cycle.low / DAY_MS, high: cycle.high / DAY_MS };
  const estimates: Estimate[] = [winRate, averageDeal, inverse(days)];
  if (estimates.some(({ low, high }) => !(low > 0 && Number.isFinite(high)))) return null;
  const perDeal = product(estimates);
  return { value: openDeals * perDeal.value, low: openDeals * perDeal.low, high: openDeals * perDeal.high };
}
