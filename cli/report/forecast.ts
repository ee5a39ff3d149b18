// What the open deals will bring in the next three months, and how well the same method would have done before.
import { forecastOf } from '../../analysis/forecast.ts';
import { addOpen, openForecast } from '../../analysis/forecast-fold.ts';
import { readLives } from '../../db/reports-lives.ts';
import { readAtOnce } from '../../db/reports-ways.ts';
import type { Ground } from './ground.ts';
import { estimateCells, percent, type Report, type Section, say, span, unknown, words } from './report.ts';

const monthMs = 30.4375 * 86_400_000;
const [horizon, longest] = [3, 36];
const columns = ['month', 'forecast', '95 %', 'error before', 'interval held'];

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
  const section = isUnpriced ? sectionOf(forecastOf(plain), 'deals') : sectionOf(found, 'of value');
  return { title: 'Forecast', about: ground.about, sections: [section] };
}

function sectionOf(found: ReturnType<typeof forecastOf>, unit: 'of value' | 'deals'): Section {
  const title = 'From the open pipeline';
  if (found.is === 'not enough yet') {
    const said = [
      `Not enough yet: ${say(found.months)} months of history and ${say(found.won)} deals won; ${found.needed} are needed.`,
    ];
    return { title, said, columns, rows: [], chart: null };
  }
  const named = [
    ...found.months.map((one) => ({ name: `month ${one.month} from now`, ...one })),
    { name: 'together', ...found.total },
  ];
  const said = [
    `${say(found.openDeals)} open deals${unit === 'deals' ? ', none with an amount' : ` of ${say(found.openValue)}`}; in the next ${horizon} months they bring ${say(found.total.value.value)} ${unit} (${span(found.total.value)}).`,
    'Deals that do not exist yet are not in it. The error is that of the same forecast from every month before.',
  ];
  const share = (value: number | null) =>
    value === null ? unknown('not enough yet') : { value, text: percent(value) };
  return {
    title,
    said,
    columns,
    rows: named.map(({ name, value, backtest }) => [
      words(name),
      ...estimateCells(value),
      share(backtest.error),
      share(backtest.held),
    ]),
    chart: {
      kind: 'bars',
      chart: {
        id: 'forecast',
        title: unit === 'deals' ? 'Deals won from the open pipeline' : 'Value from the open pipeline',
        description: said.join(' '),
        bars: named.map(({ name, value }) => ({
          label: name,
          ...value,
          text: `${say(value.value)} (${span(value)})`,
        })),
      },
    },
  };
}
