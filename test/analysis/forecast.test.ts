import { describe, expect, it } from 'vitest';
import { forecastOf } from '../../analysis/forecast.ts';
import { addDealLife, type DealLife, openForecast } from '../../analysis/forecast-fold.ts';
import { type Dice, rollDice } from './random.ts';

const stages = ['Lead', 'Demo', 'Offer'];
/** Time is in months: the fold does not care about the unit. */
const months = (count: number) => Array.from({ length: count + 1 }, (_, i) => i);

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

/** What is known of a deal at `now`. */
function seenAt(now: number, deal: DealLife): DealLife {
  const isClosed = deal.closedAt !== null && deal.closedAt <= now;
  return {
    amount: deal.amount,
    stages: deal.stages.filter(({ at }) => at <= now),
    closedAt: isClosed ? deal.closedAt : null,
    isWon: isClosed && deal.isWon,
  };
}

function forecastAt(now: number, deals: readonly DealLife[], horizon = 3) {
  const fold = openForecast(stages, months(now), horizon);
  for (const deal of deals) addDealLife(fold, seenAt(now, deal));
  const forecast = forecastOf(fold);
  if (forecast.is !== 'forecast') throw new Error(`not enough: ${forecast.months} months`);
  return forecast;
}
const wonBetween = (deals: readonly DealLife[], now: number, from: number, to: number) =>
  deals
    .filter((d) => d.isWon && d.closedAt !== null && d.closedAt > from && d.closedAt <= to)
    .filter((d) => (d.stages[0]?.at ?? 0) <= now)
    .reduce((sum, d) => sum + d.amount, 0);
const season = (dice: Dice, perMonth: number, sigma: number) =>
  Array.from({ length: 24 * perMonth }, (_, i) => live(dice, i / perMonth, sigma));

describe('a forecast', () => {
  it('is the open value times the share won before, by hand', () => {
    // Every month 40 deals of 100 enter at mid-month; 20 are won and 20 lost just after the second mark they stand at.
    const deals = Array.from({ length: 24 }, (_, month) =>
      Array.from({ length: 40 }, (_, i) => ({
        amount: 100,
        stages: [{ stage: 'Lead', at: month + 0.5 }],
        closedAt: month + 2.1,
        isWon: i % 2 === 0,
      })),
    ).flat();
    const forecast = forecastAt(20, deals);
    // At mark 20 stand those of 18.5 (in the second band, half of them won within a month) and of 19.5 (a month later).
    expect(forecast).toMatchObject({ openDeals: 80, openValue: 8_000 });
    const [first, second, third] = forecast.months.map(({ value }) => value.value);
    expect(first).toBeCloseTo(2_000, -1.7);
    expect(second).toBeCloseTo(2_000, -1.7);
    expect(third).toBeLessThan(1);
    expect(forecast.total.value.value).toBeCloseTo((first ?? 0) + (second ?? 0) + (third ?? 0), 6);
  });

  it.each([
    [40, 0.8],
    [20, 1],
  ])(
    'of %d new deals a month, log-spread %d, holds what then comes 93 to 97 per cent of the time',
    (perMonth, sigma) => {
      const held = [0, 0, 0, 0];
      const runs = 200;
      for (let run = 0; run < runs; run++) {
        const deals = season(rollDice(5_000 + run), perMonth, sigma);
        const forecast = forecastAt(24, deals);
        const spans = [
          [24, 25],
          [25, 26],
          [26, 27],
          [24, 27],
        ] as const;
        const values = [...forecast.months.map(({ value }) => value), forecast.total.value];
        spans.forEach(([from, to], i) => {
          const actual = wonBetween(deals, 24, from, to);
          const value = values[i];
          if (value && value.low <= actual && actual <= value.high) held[i] = (held[i] ?? 0) + 1;
        });
      }
      const mean = held.reduce((a, b) => a + b, 0) / held.length / runs;
      expect(mean).toBeGreaterThan(0.93);
      expect(mean).toBeLessThan(0.97);
      for (const one of held) expect(one / runs).toBeGreaterThan(0.92);
    },
  );

  it('is backtested with nothing that came later: each row is the forecast that would have been made then', () => {
    const deals = season(rollDice(6), 40, 0.6);
    const { backtest } = forecastAt(24, deals, 1).months[0] ?? { backtest: null };
    expect(backtest?.rows.length).toBe(18);
    for (const row of backtest?.rows ?? []) {
      if (row.at < 9) continue;
      const then = forecastAt(row.at, deals, 1).months[0]?.value;
      expect([row.value, row.low, row.high]).toEqual([
        expect.closeTo(then?.value ?? 0, 6),
        expect.closeTo(then?.low ?? 0, 6),
        expect.closeTo(then?.high ?? 0, 6),
      ]);
      expect(row.actual).toBeCloseTo(wonBetween(deals, row.at, row.at, row.at + 1), 6);
    }
  });

  it('states its own error and bias as they are worked from its rows', () => {
    const { backtest } = forecastAt(24, season(rollDice(7), 40, 0.6)).total;
    const sum = (of: (row: (typeof backtest.rows)[number]) => number) =>
      backtest.rows.reduce((total, row) => total + of(row), 0);
    expect(backtest.error).toBeCloseTo(sum((r) => Math.abs(r.value - r.actual)) / sum((r) => r.actual), 9);
    expect(backtest.bias).toBeCloseTo(sum((r) => r.value) / sum((r) => r.actual) - 1, 9);
  });

  it('widens where months swing by more than chance', () => {
    const dice = rollDice(80);
    const width = (deals: readonly DealLife[]) => {
      const { value, low, high } = forecastAt(24, deals).months[0]?.value ?? { value: 1, low: 0, high: 0 };
      return (high - low) / value;
    };
    let wider = 0;
    for (let run = 0; run < 40; run++) {
      const calm = season(dice, 60, 0.5);
      // In a bad month two of three that would have been won are lost; thinned evenly, as many are lost in all.
      const isBad = (at: number | null) => Math.floor(at ?? 0) % 2 === 1;
      const swing = calm.map((d, i) => (d.isWon && isBad(d.closedAt) && i % 3 ? { ...d, isWon: false } : d));
      const even = calm.map((d, i) => (d.isWon && i % 3 === 0 ? { ...d, isWon: false } : d));
      if (width(swing) > width(even)) wider += 1;
    }
    expect(wider).toBeGreaterThan(30);
  });

  it('is refused with too little behind it, and says how much is needed', () => {
    const fold = openForecast(stages, months(24), 3);
    for (const deal of season(rollDice(1), 1, 0.5).slice(0, 20)) addDealLife(fold, seenAt(24, deal));
    expect(forecastOf(fold)).toMatchObject({
      is: 'not enough yet',
      needed: { months: 8, won: 30 },
    });
    expect(forecastOf(openForecast(stages, months(7), 3))).toMatchObject({
      is: 'not enough yet',
      months: 7,
      won: 0,
    });
    expect(() => openForecast(stages, [2, 1], 3)).toThrow(/marks ascend/);
    expect(() => openForecast(stages, [1, 2], 0)).toThrow(/whole months/);
  });

  it('counts a deal of a stage that the pipeline no longer has', () => {
    const deals = season(rollDice(3), 40, 0.5).map((deal) => ({
      ...deal,
      stages: deal.stages.map((one) => (one.stage === 'Demo' ? { ...one, stage: 'Legacy' } : one)),
    }));
    const forecast = forecastAt(24, deals);
    expect(forecast.openDeals).toBe(deals.filter((d) => (d.closedAt ?? 0) > 24).length);
  });
});
