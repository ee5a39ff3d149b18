// What deals are worth, by any cut: win rate, average deal, value won; and how many customers buy again.
import { returningOf } from '../../analysis/lifetime.ts';
import { addClosedDeal, type ValueFold, valuesOf } from '../../analysis/value.ts';
import type { Ground } from './ground.ts';
import { estimateCells, number, percent, type Report, say, shareCells, span, words } from './report.ts';

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
      : `${say(returning.customers)} customers, ${say(returning.returned)} of whom bought again; within a year ${percent(returning.within.value)} do (${span(returning.within, percent)}).`,
  ];
  const rows = values.map((one) => [
    words(one.group),
    number(one.won),
    number(one.lost),
    ...shareCells(one.winRate),
    ...estimateCells(one.averageDeal),
    number(one.wonValue),
  ]);
  const bars = values.slice(0, 20).map((one) => ({
    label: one.group,
    value: one.averageDeal?.value ?? null,
    low: one.averageDeal?.low ?? null,
    high: one.averageDeal?.high ?? null,
    text:
      one.averageDeal === null
        ? 'not enough yet'
        : `${say(one.averageDeal.value)} (${span(one.averageDeal)})`,
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
