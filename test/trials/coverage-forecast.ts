// Forecasts of pipelines with known hazards: deals walk three stages with exponential stays, are seen up to now, and what
// the open ones then brought is held against the interval.
import { withAverage } from '../../analysis/amounts.ts';
import { forecastOf } from '../../analysis/forecast.ts';
import { addDealLife, type DealLife, type ForecastFold, openForecast } from '../../analysis/forecast-fold.ts';
import { addMoment, noMoments } from '../../analysis/stats.ts';
import type { Dice } from '../analysis/random.ts';
import type { CoverageCase, Drawn } from './coverage-case.ts';

const stages = ['Lead', 'Demo', 'Offer'];

/** Time is in months: the fold does not care about the unit. */
function live(dice: Dice, at: number, sigma: number): DealLife {
  const entered: { stage: string; at: number }[] = [];
  const amount = dice.logNormal(1_000, sigma);
  let t = at;
  for (const [place, stage] of stages.entries()) {
    entered.push({ stage, at: t });
    t += dice.exponential([0.8, 1.2, 1.5][place] ?? 1);
    if (!dice.chance([0.5, 0.6, 0.5][place] ?? 0))
      return { amount, stages: entered, closedAt: t, isWon: false };
  }
  return { amount, stages: entered, closedAt: t, isWon: true };
}

function seenAt(now: number, { amount, stages: entered, closedAt, isWon }: DealLife): DealLife {
  const isClosed = closedAt !== null && closedAt <= now;
  return {
    amount,
    stages: entered.filter(({ at }) => at <= now),
    closedAt: isClosed ? closedAt : null,
    isWon: isClosed && isWon,
  };
}

interface World {
  readonly months: number;
  readonly perMonth: number;
  readonly sigma: number;
  /** Amounts are known of won deals alone. */
  readonly isByOutcome?: boolean;
}

function addSeen(fold: ForecastFold, seen: readonly DealLife[], isByOutcome: boolean): void {
  const average = noMoments();
  for (const { isWon, amount } of seen) if (isWon) addMoment(average, amount);
  for (const deal of seen) {
    if (!isByOutcome) {
      addDealLife(fold, deal);
      continue;
    }
    const unknown = withAverage({ deals: 1, priced: 0 }, [1, 0, 0, 0], average);
    const { amount } = deal;
    const sums = deal.isWon ? ([1, amount, amount ** 2, amount ** 3] as const) : unknown;
    addDealLife(fold, deal, { sums, seemed: unknown });
  }
}

/** What is forecast for months `from` to `to` after now, and what came. */
function forecastOnce(
  dice: Dice,
  { months, perMonth, sigma, isByOutcome = false }: World,
  from: number,
  to: number,
): Drawn {
  const deals = Array.from({ length: months * perMonth }, (_, i) => live(dice, i / perMonth, sigma));
  const marks = Array.from({ length: months + 1 }, (_, i) => i);
  const fold = openForecast(stages, marks, 3);
  const seen = deals.filter(({ stages: [first] }) => (first?.at ?? 0) <= months);
  addSeen(
    fold,
    seen.map((deal) => seenAt(months, deal)),
    isByOutcome,
  );
  const found = forecastOf(fold);
  const truth = deals
    .filter(
      ({ isWon, closedAt }) => isWon && (closedAt ?? 0) > months + from && (closedAt ?? 0) <= months + to,
    )
    .reduce((sum, { amount }) => sum + amount, 0);
  if (found.is !== 'forecast') return { truth, interval: null };
  return { truth, interval: to - from === 1 ? (found.months[from]?.value ?? null) : found.total.value };
}

const worlds: readonly World[] = [
  { months: 24, perMonth: 40, sigma: 0.8 },
  { months: 24, perMonth: 20, sigma: 1 },
  { months: 12, perMonth: 40, sigma: 0.8 },
  { months: 8, perMonth: 80, sigma: 0.8 },
  { months: 12, perMonth: 100, sigma: 1 },
  { months: 18, perMonth: 60, sigma: 0.8, isByOutcome: true },
];
const spans: readonly (readonly [from: number, to: number, name: string])[] = [
  [0, 1, 'first month'],
  [1, 2, 'second month'],
  [2, 3, 'third month'],
  [0, 3, 'three months together'],
];

export const forecasts: readonly CoverageCase[] = worlds.flatMap((world) =>
  spans.map(([from, to, name]) => ({
    report: 'forecast',
    statistic: `forecast of the ${name}`,
    world: `${world.perMonth} new deals a month for ${world.months} months, log-spread ${world.sigma}${world.isByOutcome ? ', amounts known of the won' : ''}`,
    n: world.months * world.perMonth,
    draw: (dice: Dice) => forecastOnce(dice, world, from, to),
  })),
);
