// What the ledger counts of the ways of its deals, against the same deals read one by one and folded here.
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { durationsOf } from '../../analysis/durations.ts';
import { addDealLife, addOpen, openForecast } from '../../analysis/forecast-fold.ts';
import { addJourney, addWay, openFunnel } from '../../analysis/funnel.ts';
import { addMoment, type Moments, noMoments } from '../../analysis/stats.ts';
import { quantileOf, type Spell, survivalOf, survivalOfCounts } from '../../analysis/survival.ts';
import { addStageChanges } from '../../bench/stage-changes.ts';
import { readCloses, readReturns } from '../../db/reports-closes.ts';
import { readLifetimes } from '../../db/reports-lifetimes.ts';
import { readLives } from '../../db/reports-lives.ts';
import { readCycles, readStageSpells } from '../../db/reports-spells.ts';
import { type Cut, readAtOnce, readFunnelWays, type WayOptions } from '../../db/reports-ways.ts';
import { monday, sales } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const yearMs = 365 * 86_400_000;
interface Life {
  readonly contactId: string;
  readonly owner: string;
  readonly amount: number | null;
  readonly stages: readonly string[];
  readonly ats: readonly number[];
}
beforeAll(async () => {
  await addStageChanges(db, 8_000, monday);
  await sql`update deals set currency = 'USD' where id % 7 = 0`.execute(db);
});

/** All that happened up to `at`, of deals that began in [from, until). */
async function livesOf({ from, until, at }: WayOptions): Promise<Life[]> {
  const { rows } = await sql<Life>`
    select deals.contact_id as "contactId", owner, case when currency = 'EUR' then amount end as amount,
      array_agg(to_stage order by at, history.id) as stages, array_agg(ms(at) order by at, history.id) as ats
    from stage_history as history join deals on deals.id = deal_id where at <= instant(${at}) group by deals.id`.execute(
    db,
  );
  return rows.filter(({ ats: [began = 0] }) => began >= from && began < until);
}
const closeOf = ({ stages, ats }: Life) => {
  const win = stages.indexOf('Won');
  const isLost = win < 0 && stages.at(-1) === 'Lost';
  return { win, isLost, closedAt: (win >= 0 ? ats[win] : isLost ? ats.at(-1) : null) ?? null };
};
const spellTo = (from: number, ended: number | null, at: number): Spell => ({
  ms: (ended ?? at) - from,
  ended: ended !== null,
});
const asked = (said: Partial<WayOptions> = {}): WayOptions => ({
  pipeline: sales,
  from: 0,
  until: monday + 1,
  at: monday,
  by: { is: 'all' } as Cut,
  currency: 'EUR',
  ...said,
});
const asks = [
  asked({ by: { is: 'owner' } }),
  asked({ from: monday - 2 * yearMs, until: monday - yearMs, at: monday - yearMs / 2 }),
];
const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.abs(b));

/** As calendars count: the same day and hour, or the last of a shorter month. */
function addMonths(at: number, months: number): number {
  const then = new Date(at);
  const day = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() + months);
  const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
  then.setUTCDate(Math.min(day, last));
  return then.getTime();
}

/** By `cohort age`, and `null age` for all: what each customer had bought by then. */
function spentByAge(lives: readonly Life[], ages: readonly number[], until: number): Map<string, Moments> {
  const wins = lives.flatMap((life) => {
    const { win, closedAt } = closeOf(life);
    return win < 0 ? [] : [{ of: life.contactId, at: closedAt ?? 0, amount: life.amount ?? 0 }];
  });
  const found = new Map<string, Moments>();
  for (const customer of new Set(wins.map(({ of }) => of))) {
    const own = wins.filter(({ of }) => of === customer);
    const first = new Date(Math.min(...own.map(({ at }) => at)));
    const quarter = `${first.getUTCFullYear()}-Q${Math.floor(first.getUTCMonth() / 3) + 1}`;
    for (const age of ages) {
      const ripe = addMonths(first.getTime(), age);
      const total = own.filter(({ at }) => at < ripe).reduce((sum, { amount }) => sum + amount, 0);
      for (const key of ripe > until ? [] : [`null ${age}`, `${quarter} ${age}`]) {
        const moments = found.get(key) ?? noMoments();
        found.set(key, moments);
        addMoment(moments, total);
      }
    }
  }
  return found;
}

describe.each(asks)('deals of a period, as of a day', (options) => {
  it('walk the same funnel', async () => {
    const [one, other] = [openFunnel(sales), openFunnel(sales)];
    for (const { owner, amount, stages } of await livesOf(options))
      addJourney(one, { group: options.by.is === 'all' ? 'all' : owner, amount, stages });
    const ways = await readAtOnce(db, (tx) => readFunnelWays(tx, options));
    for (const { first, second, third, ...way } of ways)
      addWay(other, { ...way, sums: [first, second, third] });
    expect([...other.groups.keys()].sort()).toEqual([...one.groups.keys()].sort());
    for (const [group, { lostSums, wonValue, ...counts }] of one.groups) {
      const found = other.groups.get(group);
      expect(found).toMatchObject(counts);
      near(found?.wonValue ?? 0, wonValue);
      lostSums.forEach((sums, k) => {
        sums.forEach((sum, place) => {
          near(found?.lostSums[k]?.[place] ?? -1, sum);
        });
      });
    }
    expect(ways.reduce((sum, way) => sum + way.deals, 0)).toBeGreaterThan(400);
  });

  it('stand as long in each stage, to the millisecond; by thousandths to a thousandth', async () => {
    const spells = (await livesOf(options)).flatMap((life) => {
      const { win } = closeOf(life);
      return life.stages.flatMap((stage, i) => {
        const isCounted = stage !== 'Lost' && (win < 0 || i < win);
        return isCounted
          ? [{ stage, ...spellTo(life.ats[i] ?? 0, life.ats[i + 1] ?? null, options.at) }]
          : [];
      });
    });
    const exact = await readAtOnce(db, (tx) => readStageSpells(tx, options, 'millisecond'));
    const rough = await readAtOnce(db, (tx) => readStageSpells(tx, options, 'thousandth'));
    for (const { stage, survival, median } of durationsOf(spells, sales.stages.slice(0, 4))) {
      expect(survivalOfCounts(exact.filter((one) => one.stage === stage))).toEqual(survival);
      const found = quantileOf(survivalOfCounts(rough.filter((one) => one.stage === stage)));
      expect(Math.abs((found.ms ?? 0) - (median.ms ?? 0))).toBeLessThanOrEqual((median.ms ?? 0) / 1000);
    }
  });

  it('close after as long, for as much, and their customers come back as soon', async () => {
    const lives = await livesOf(options);
    const cycles = lives.map((life) => spellTo(life.ats[0] ?? 0, closeOf(life).closedAt, options.at));
    expect(survivalOfCounts(await readAtOnce(db, (tx) => readCycles(tx, options, 'millisecond')))).toEqual(
      survivalOf(cycles),
    );
    const amounts = noMoments();
    const bought = new Map<string, number[]>();
    for (const life of lives) {
      const { win, closedAt } = closeOf(life);
      if (win < 0) continue;
      if (life.amount !== null) addMoment(amounts, life.amount);
      bought.set(
        life.contactId,
        [...(bought.get(life.contactId) ?? []), closedAt ?? 0].sort((a, b) => a - b),
      );
    }
    const [all] = await readAtOnce(db, (tx) => readCloses(tx, { ...options, by: { is: 'all' } }));
    expect(all).toMatchObject({
      won: lives.filter((life) => closeOf(life).win >= 0).length,
      lost: lives.filter((life) => closeOf(life).isLost).length,
      n: amounts.n,
    });
    for (const part of ['mean', 'm2', 'm3'] as const) near(all?.[part] ?? 0, amounts[part]);
    const returns = [...bought.values()].map(([first = 0, second = null]) =>
      spellTo(first, second, options.at),
    );
    const found = await readAtOnce(db, (tx) => readReturns(tx, options, 'millisecond'));
    expect(survivalOfCounts(found)).toEqual(survivalOf(returns));
    expect(returns.some(({ ended }) => ended)).toBe(true);
  });

  it('made customers who had bought as much by each age, those too young left out', async () => {
    const byCohort = spentByAge(await livesOf(options), [1, 6], options.at);
    const found = await readAtOnce(db, (tx) => readLifetimes(tx, options, [1, 6]));
    expect(found.map(({ cohort, age, n }) => [`${cohort} ${age}`, n]).sort()).toEqual(
      [...byCohort].map(([key, { n }]) => [key, n]).sort(),
    );
    for (const { cohort, age, ...moments } of found)
      for (const part of ['mean', 'm2', 'm3'] as const) {
        const truth = byCohort.get(`${cohort} ${age}`)?.[part] ?? 0;
        expect(Math.abs(moments[part] - truth)).toBeLessThanOrEqual(1e-6 * Math.abs(truth) + 1e-3);
      }
    expect(found.length).toBeGreaterThan(3);
  });

  it('stood open at the same marks, and were won as many months after them', async () => {
    const [stepMs, count] = [30 * 86_400_000, 24];
    const first = options.at - (count - 1) * stepMs;
    const marks = Array.from({ length: count }, (_, i) => first + i * stepMs);
    const [one, other] = [openForecast(sales.stages, marks, 3), openForecast(sales.stages, marks, 3)];
    for (const life of await livesOf(options)) {
      const { win, closedAt } = closeOf(life);
      const stages = life.stages.map((stage, i) => ({ stage, at: life.ats[i] ?? 0 }));
      addDealLife(one, { amount: life.amount ?? 0, stages, closedAt, isWon: win >= 0 });
    }
    const lives = await readAtOnce(db, (tx) => readLives(tx, options, { first, stepMs, count }));
    for (const { deals, first: sum, second, third, ...stood } of lives)
      addOpen(other, { ...stood, sums: [deals, sum, second, third] });
    for (const part of ['open', 'won'] as const)
      one[part].forEach((value, i) => {
        near(other[part][i] ?? -1, value);
      });
    expect(one.won.some((value) => value > 0)).toBe(true);
  });
});
