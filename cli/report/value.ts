// What deals are worth, by any cut: win rate, average deal, value won; how many customers buy again, and what they bring.
import { returnsOf } from '../../analysis/lifetime.ts';
import type { Estimate } from '../../analysis/stats.ts';
import { survivalOfCounts } from '../../analysis/survival.ts';
import { valuesOf } from '../../analysis/value.ts';
import { readCloses, readReturns } from '../../db/reports-closes.ts';
import { readLifetimes } from '../../db/reports-lifetimes.ts';
import { chooseGrain } from '../../db/reports-spells.ts';
import { readAtOnce, type WayOptions } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { ages, lifetimeSection } from './lifetimes.ts';
import { cellsIn, inTime, type Report, unknown, words } from './report.ts';

const yearMs = 365.25 * 86_400_000;

export async function reportValue(ground: Ground): Promise<Report> {
  const { db, pipeline, ways, tell } = ground;
  const { number, shareCells } = cellsIn(tell);
  // Whoever bought before the period is no new customer in it.
  const all: WayOptions = { ...ways, from: 0, until: ways.at + 1, by: { is: 'all' } };
  const { closes, returns, lifetimes } = await readAtOnce(db, async (tx) => ({
    closes: await readCloses(tx, ways),
    returns: await readReturns(tx, all, await chooseGrain(tx, pipeline.name)),
    lifetimes: await readLifetimes(tx, all, ages),
  }));
  const closed = closes.filter(({ won, lost }) => won + lost > 0);
  const tallies = closed.map(
    ({ group, won, lost, unpriced, ...amounts }) => [group, { won, lost, unpriced, amounts }] as const,
  );
  const values = valuesOf(new Map(tallies)).sort(inTime(ways.by) ?? ((a, b) => b.wonValue - a.wonValue));
  const returning = returnsOf(survivalOfCounts(returns), yearMs);
  const said = [
    returning === null
      ? tell.value.nobody
      : tell.value.customers(returning.customers, returning.returned, returning.within),
  ];
  const spanOf = (estimate: Estimate | null) => (estimate === null ? tell.notEnough : tell.span(estimate));
  const nameOf = (group: string) =>
    group === 'all' ? tell.about.all : group === 'not said' ? tell.notSaid : group;
  const rows = values.map((one) => [
    words(nameOf(one.group)),
    number(one.won),
    number(one.lost),
    ...shareCells(one.winRate),
    one.average === null ? unknown('-') : number(one.average),
    words(spanOf(one.averageDeal)),
    number(one.wonValue),
  ]);
  const bars = values.slice(0, 20).map((one) => ({
    label: nameOf(one.group),
    value: one.average,
    low: one.averageDeal?.low ?? null,
    high: one.averageDeal?.high ?? null,
    text: one.average === null ? '-' : `${tell.say(one.average)} (${spanOf(one.averageDeal)})`,
  }));
  const chart = { id: 'value', title: tell.value.chart, description: said.join(' '), bars };
  const { title, columns } = tell.value;
  const section = {
    title,
    said,
    columns,
    rows,
    chart: bars.length === 0 ? null : { kind: 'bars' as const, chart },
  };
  const isOfAll = ways.from === 0 && ways.until > ways.at;
  return {
    title: tell.titles.value,
    about: ground.about,
    sections: [section, lifetimeSection(tell, lifetimes, isOfAll)],
  };
}
