// What leads cost, as costs.yaml says: by source, and by the month in which they came. Only leads of which a cost is given.
import { type Cost, costsOf, type LeadCell } from '../../analysis/costs.ts';
import type { Estimate } from '../../analysis/stats.ts';
import { countLeads } from '../../db/reports-leads.ts';
import { readAtOnce } from '../../db/reports-ways.ts';
import type { Costs } from '../../engine/catalogue.ts';
import { complaint } from '../streams.ts';
import type { Ground } from './ground.ts';
import { cellsIn, type Report, type ReportCell, type Section, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

export async function reportCosts(ground: Ground): Promise<Report> {
  const { catalogue, pipeline, ways, tell } = ground;
  const { costs } = catalogue;
  if (costs === null)
    throw complaint(
      1,
      'No costs are given: write workflows/costs.yaml (see workflows/README.md) and apply it.',
    );
  if (!isOfWholeMonths(ways))
    throw complaint(2, 'Costs are by month: write --period 2026, 2026-Q1, 2026-03 or all.');
  const [owner = '', field = ''] = costs.by.split('.');
  const by = { is: owner === 'deal' ? ('deal' as const) : ('contact' as const), field };
  const lost = new Set(pipeline.lost);
  const at = costs.qualified === null ? -1 : pipeline.stages.indexOf(costs.qualified);
  const qualifying = at < 0 ? [] : pipeline.stages.slice(at).filter((stage) => !lost.has(stage));
  const counts = await readAtOnce(ground.db, (tx) => countLeads(tx, { ...ways, by }, qualifying));
  const cells = [
    ...counts.map((one) => ({
      ...one,
      cost: costFor(costs, one.month, one.source),
      qualified: at < 0 ? null : one.qualified,
    })),
    ...barren(costs, counts, ways, at < 0),
  ].sort((a, b) => (a.month < b.month ? -1 : a.month > b.month ? 1 : 0));
  const isOneCurrency = costs.currency === null || costs.currency === ground.currency;
  const shown = (of: 'source' | 'month') => {
    const groups = [...costsOf(cells, of).groups, ...costsOf(cells, null).groups];
    return sectionOf(tell, of, costs.by, groups, isOneCurrency);
  };
  const { without } = costsOf(cells, null);
  const said = tellWhole(tell, costs, without, at < 0);
  return {
    title: tell.titles.costs,
    about: ground.about,
    sections: [{ ...shown('source'), said }, shown('month')],
  };
}

const isOfWholeMonths = ({ from, until, at }: Ground['ways']) =>
  isOfMonths(from) && (until > at || isOfMonths(until));
export const hasCosts = ({ catalogue, ways }: Ground) => catalogue.costs !== null && isOfWholeMonths(ways);
const isOfMonths = (at: number) => new Date(at).getUTCDate() === 1 && at % 86_400_000 === 0;
const monthOf = (at: number) => new Date(at).toISOString().slice(0, 7);

function costFor(costs: Costs, month: string, source: string): number | null {
  const given = Object.entries(costs.months).find(([name]) => name === month)?.[1] ?? {};
  return Object.entries(given).find(([name]) => name === source)?.[1] ?? null;
}

/** What was paid for and brought no lead. */
function barren(
  { months }: Costs,
  counts: readonly { readonly month: string; readonly source: string }[],
  { from, until, at }: Ground['ways'],
  isUnqualified: boolean,
): LeadCell[] {
  const isIn = (month: string) => month >= monthOf(from) && month <= monthOf(Math.min(until - 1, at));
  const none = { leads: 0, qualified: isUnqualified ? null : 0, won: 0, open: 0, wonValue: 0 };
  return Object.entries(months).flatMap(([month, sources]) =>
    Object.entries(sources)
      .filter(
        ([source]) => isIn(month) && !counts.some((one) => one.month === month && one.source === source),
      )
      .map(([source, cost]) => ({ source, month, cost, ...none })),
  );
}

function tellWhole(
  { costs: tell }: ReportWords,
  { by, currency, qualified }: Costs,
  without: number,
  isUnqualified: boolean,
): string[] {
  return [
    tell.lead(currency),
    tell.open,
    ...(without > 0 ? [tell.without(without, by)] : []),
    ...(isUnqualified ? [qualified === null ? tell.unqualified : tell.noStage(qualified)] : []),
  ];
}

function sectionOf(
  tell: ReportWords,
  of: 'source' | 'month',
  by: string,
  groups: readonly Cost[],
  isOneCurrency: boolean,
): Section {
  const { number } = cellsIn(tell);
  const money = (value: number | null) => (value === null ? unknown('-') : number(value));
  const rows = groups.map((one) => [
    words(nameOf(tell, one.group)),
    number(one.cost),
    number(one.leads),
    money(one.perLead),
    one.qualified === null ? unknown('-') : number(one.qualified),
    ...costCells(tell, one.perQualified),
    number(one.won),
    ...costCells(tell, one.perWon),
    number(one.open),
    isOneCurrency ? money(one.perSpent) : unknown('-'),
  ]);
  const bars = groups.slice(0, 20).map(({ group, perWon }) => {
    const isKnown = perWon !== null && Number.isFinite(perWon.value);
    const [cost, interval] = costCells(tell, perWon);
    return {
      label: nameOf(tell, group),
      value: isKnown ? perWon.value : null,
      low: isKnown ? perWon.low : null,
      high: isKnown && Number.isFinite(perWon.high) ? perWon.high : null,
      text: `${cost.text} (${interval.text})`,
    };
  });
  const { title, chart, head } = tell.costs[of];
  const drawn = { id: `costs-${of}`, title: chart, description: title(by), bars };
  return {
    title: title(by),
    said: [],
    columns: [head, ...tell.costs.columns],
    rows,
    chart: { kind: 'bars', chart: drawn },
  };
}

const nameOf = (tell: ReportWords, group: string) =>
  group === 'together' ? tell.costs.all : group === 'not said' ? tell.notSaid : group;

/** While there is none, what it costs at least is known. */
function costCells(tell: ReportWords, estimate: Estimate | null): readonly [ReportCell, ReportCell] {
  if (estimate === null) return [unknown('-'), words('-')];
  const { value, low, high } = estimate;
  if (!Number.isFinite(value)) return [unknown(tell.costs.noneYet), words(tell.costs.over(low))];
  return [
    cellsIn(tell).number(value),
    words(Number.isFinite(high) ? tell.span(estimate) : tell.costs.over(low)),
  ];
}
