// What deals are worth, by any cut: win rate, average deal, value won; and how many customers buy again.
import { returningOf } from '../../analysis/lifetime.ts';
import type { Estimate } from '../../analysis/stats.ts';
import { addClosedDeal, type DealValue, type ValueFold, valuesOf } from '../../analysis/value.ts';
import type { Ground } from './ground.ts';
import { number, percent, type Report, say, shareCells, span, unknown, words } from './report.ts';

const yearMs = 365.25 * 86_400_000;
const columns = ['group', 'won', 'lost', 'win rate', '95 %', 'average deal', '95 %', 'value won'];

export async function reportValue(ground: Ground): Promise<Report> {
  const { pipeline, at } = ground;
  const [won, lost] = [new Set(pipeline.won), new Set(pipeline.lost)];
  const fold: ValueFold = new Map();
  const bought = new Map<string, [first: number, second: number]>();
  await ground.eachDeal(({ contactId, group, amount, stages, ats }) => {
    const end = stages.findIndex((stage) => won.has(stage));
    if (end < 0 && !lost.has(stages.at(-1) ?? '')) return;
    addClosedDeal(fold, { group, isWon: end >= 0, amount });
    const when = ats[end];
    if (when === undefined) return;
    const known = bought.get(contactId) ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const [first = at, second = at] = [...known, when].sort((a, b) => a - b);
    bought.set(contactId, [first, second]);
  });
  const values = valuesOf(fold).sort((a, b) => b.wonValue - a.wonValue);
  const spells = [...bought.values()].map(([first, second]) => ({
    ms: Math.max(0, Math.min(second, at) - first),
    returned: second <= at,
  }));
  const returning = returningOf(spells, yearMs);
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
  return { title: 'Value', about: ground.about, sections: [section] };
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
