// What the open deals will bring in the next three months, and how well the same method would have done before.
import { followsOutcome, type Priced, withAverage } from '../../analysis/amounts.ts';
import { type BacktestRow, forecastOf } from '../../analysis/forecast.ts';
import { addOpen, openForecast } from '../../analysis/forecast-fold.ts';
import { type Moments, noMoments } from '../../analysis/stats.ts';
import { readCloses } from '../../db/reports-closes.ts';
import { type LifeCount, readLives } from '../../db/reports-lives.ts';
import { readAtOnce } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { cellsIn, type Report, type Section, unknown, words } from './report.ts';
import type { ByValue, ReportWords } from './wording.ts';

const monthMs = 30.4375 * 86_400_000;
const [horizon, longest] = [3, 36];

export async function reportForecast(ground: Ground): Promise<Report> {
  const { pipeline, at } = ground;
  const marks = Array.from({ length: longest + 1 }, (_, i) => at - (longest - i) * monthMs);
  const begun = Math.max(...[await ground.beganAt(), marks[0] ?? at].filter((one) => one !== null));
  const known = marks.filter((mark) => mark >= begun || mark === at);
  const open = () => openForecast(pipeline.stages, known, horizon);
  const [priced, plain] = [open(), open()];
  const asked = { first: known[0] ?? at, stepMs: monthMs, count: known.length };
  const { lives, average } = await readAtOnce(ground.db, async (tx) => ({
    lives: await readLives(tx, ground.ways, asked),
    average: (await readCloses(tx, ground.ways))[0] ?? noMoments(),
  }));
  const isByOutcome = followsOutcome(tally(lives, true), tally(lives, false));
  let without = 0;
  for (const { deals, priced: hasAmount, first, second, third, ...stood } of lives) {
    const sums = withAverage({ deals, priced: hasAmount }, [deals, first, second, third], average);
    // An amount that only a win makes known was not known while the deal stood open.
    const seemed = isByOutcome ? withAverage({ deals, priced: 0 }, [deals, 0, 0, 0], average) : sums;
    addOpen(priced, { ...stood, sums, seemed });
    addOpen(plain, { ...stood, sums: [deals, deals, deals, deals] });
    if (stood.mark === known.length - 1) without += deals - hasAmount;
  }
  const found = forecastOf(priced);
  const isUnpriced = found.is === 'forecast' && found.openDeals > 0 && found.openValue === 0;
  const section = isUnpriced
    ? sectionOf(ground.tell, forecastOf(plain), 'deals', null)
    : sectionOf(ground.tell, found, 'of value', without > 0 && average.n > 0 ? { without, average } : null);
  return { title: ground.tell.titles.forecast, about: ground.about, sections: [section] };
}

function tally(lives: readonly LifeCount[], isWon: boolean): Priced {
  const own = lives.filter(({ months }) => (months !== null) === isWon);
  const sum = (of: 'deals' | 'priced') => own.reduce((total, one) => total + one[of], 0);
  return { deals: sum('deals'), priced: sum('priced') };
}

function sectionOf(
  tell: ReportWords,
  found: ReturnType<typeof forecastOf>,
  unit: ByValue,
  taken: { readonly without: number; readonly average: Moments } | null,
): Section {
  const { title, columns } = tell.forecast;
  if (found.is === 'not enough yet') {
    const said = [tell.forecast.fewMonths(found.months, found.won, found.needed)];
    return { title, said, columns, rows: [], chart: null };
  }
  const named = [
    ...found.months.map((one) => ({ name: tell.forecast.month(one.month), ...one })),
    { name: tell.forecast.together, ...found.total },
  ];
  const open = tell.forecast.open(found.openDeals, unit === 'deals' ? null : found.openValue);
  const { rows } = found.total.backtest;
  const held = rows.filter(isHeld).length;
  const said = [
    `${open}; ${tell.forecast.brings(horizon, found.total.value, unit)}`,
    ...(taken === null ? [] : [tell.forecast.unpriced(taken.without, taken.average.mean)]),
    // The bar is low: 95 % of few is not told from 80 %.
    ...(rows.length >= 3 && held < 0.8 * rows.length ? [tell.forecast.tooNarrow(held, rows.length)] : []),
    tell.forecast.lead,
  ];
  const share = (value: number | null, text: string) =>
    value === null ? unknown(tell.notEnough) : { value, text };
  return {
    title,
    said,
    columns,
    rows: named.map(({ name, value, backtest }) => [
      words(name),
      ...cellsIn(tell).estimateCells(value),
      share(backtest.error, tell.percent(backtest.error ?? 0)),
      share(backtest.held, tell.percent(backtest.held ?? 0)),
      cellsIn(tell).number(backtest.rows.length),
    ]),
    chart: {
      kind: 'bars',
      chart: {
        id: 'forecast',
        title: tell.forecast.chart(unit),
        description: said.join(' '),
        bars: named.map(({ name, value }) => ({
          label: name,
          ...value,
          text: `${tell.say(value.value)} (${tell.span(value)})`,
        })),
      },
    },
  };
}

const isHeld = ({ low, high, actual }: BacktestRow) => low <= actual && actual <= high;
