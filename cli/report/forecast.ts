// What the open deals will bring in the next three months, and how well the same method would have done before.
import { forecastOf } from '../../analysis/forecast.ts';
import { addOpen, openForecast } from '../../analysis/forecast-fold.ts';
import { readLives } from '../../db/reports-lives.ts';
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
  const lives = await readAtOnce(ground.db, (tx) => readLives(tx, ground.ways, asked));
  for (const { deals, first, second, third, ...stood } of lives) {
    addOpen(priced, { ...stood, sums: [deals, first, second, third] });
    addOpen(plain, { ...stood, sums: [deals, deals, deals, deals] });
  }
  const found = forecastOf(priced);
  const isUnpriced = found.is === 'forecast' && found.openDeals > 0 && found.openValue === 0;
  const section = isUnpriced
    ? sectionOf(ground.tell, forecastOf(plain), 'deals')
    : sectionOf(ground.tell, found, 'of value');
  return { title: ground.tell.titles.forecast, about: ground.about, sections: [section] };
}

function sectionOf(tell: ReportWords, found: ReturnType<typeof forecastOf>, unit: ByValue): Section {
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
  const said = [`${open}; ${tell.forecast.brings(horizon, found.total.value, unit)}`, tell.forecast.lead];
  const share = (value: number | null) =>
    value === null ? unknown(tell.notEnough) : { value, text: tell.percent(value) };
  return {
    title,
    said,
    columns,
    rows: named.map(({ name, value, backtest }) => [
      words(name),
      ...cellsIn(tell).estimateCells(value),
      share(backtest.error),
      share(backtest.held),
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
