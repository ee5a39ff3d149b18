// What deals are worth, by any cut: win rate, average deal, value won; how many customers buy again, and what they bring.
import { returnsOf } from '../../analysis/lifetime.ts';
import type { Estimate } from '../../analysis/stats.ts';
import { survivalOfCounts } from '../../analysis/survival.ts';
import { type DealValue, valuesOf } from '../../analysis/value.ts';
import { readCloses, readReturns } from '../../db/reports-closes.ts';
import { readLifetimes } from '../../db/reports-lifetimes.ts';
import { chooseGrain } from '../../db/reports-spells.ts';
import { readAtOnce, type WayOptions } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { ages, lifetimeSection } from './lifetimes.ts';
import { number, percent, type Report, say, shareCells, span, unknown, words } from './report.ts';

const yearMs = 365.25 * 86_400_000;
const columns = ['group', 'won', 'lost', 'win rate', '95 %', 'average deal', '95 %', 'value won'];

export async function reportValue(ground: Ground): Promise<Report> {
  const { db, pipeline, ways } = ground;
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
  const values = valuesOf(new Map(tallies)).sort((a, b) => b.wonValue - a.wonValue);
  const returning = returnsOf(survivalOfCounts(returns), yearMs);
  const said = [
    returning === null
      ? 'Nobody has bought yet.'
      : `${say(returning.customers)} customers, ${say(returning.returned)} of whom bought again; within a year ${tellWithin(returning.within)}.`,
  ];
  const rows = values.map((one) => [
    words(one.group),
    number(one.won),
    number(one.lost),
    ...shareCells(one.winRate),
    ...averageCells(one),
    number(one.wonValue),
  ]);
  const bars = values.slice(0, 20).map((one) => ({
    label: one.group,
    value: one.average,
    low: one.averageDeal?.low ?? null,
    high: one.averageDeal?.high ?? null,
    text: one.average === null ? '-' : `${say(one.average)} (${tellSpan(one.averageDeal)})`,
  }));
  const chart = { id: 'value', title: 'Average won deal', description: said.join(' '), bars };
  const section = {
    title: 'Deals that are closed',
    said,
    columns,
    rows,
    chart: { kind: 'bars' as const, chart },
  };
  const isOfAll = ways.from === 0 && ways.until > ways.at;
  return { title: 'Value', about: ground.about, sections: [section, lifetimeSection(lifetimes, isOfAll)] };
}

const tellSpan = (estimate: Estimate | null) => (estimate === null ? 'not enough yet' : span(estimate));
const averageCells = ({ average, averageDeal }: DealValue) => [
  average === null ? unknown('-') : number(average),
  words(tellSpan(averageDeal)),
];
const tellWithin = (share: Estimate | null) =>
  share === null
    ? 'not enough yet: nobody was followed that long'
    : `${percent(share.value)} do (${span(share, percent)})`;
