// Lines over periods, each with the band of its interval. Where a value is missing the line is broken, not bridged; a
// forecast's part is dashed. Lines are told apart by dash and by name as well as by colour.
import {
  type ChartFrame,
  DEFAULT_WIDTH,
  escapeText,
  fitText,
  frame,
  type Ink,
  type Paint,
  round,
  widthOf,
} from './chart.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Point {
  /** null: nothing known for this period. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
}
export interface Line {
  readonly name: string;
  /** Along `periods`. */
  readonly points: readonly Point[];
  /** From this place on it is a forecast. */
  readonly forecastFrom?: number;
}
export interface LineChart extends ChartFrame {
  readonly periods: readonly string[];
  /** Up to three: more cannot be told apart. */
  readonly lines: readonly Line[];
  /** Axis labels in the reader's language. */
  readonly format: (value: number) => string;
}

const INKS: readonly Ink[] = ['main', 'warn', 'soft'];
const DASHES = ['', '7 4', '2 3'];
const PLOT = 220;

export function drawLines(chart: LineChart): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  if (chart.lines.length > INKS.length)
    throw new RangeError(`a chart holds ${INKS.length} lines, not ${chart.lines.length}`);
  const ends = chart.lines
    .flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low, high]))
    .filter((x): x is number => typeof x === 'number' && Number.isFinite(x));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return frame(chart, (paint, top) => {
    const legend =
      chart.lines.length > 1 ? drawLegend(chart.lines, top, width, paint) : { marks: '', bottom: top };
    const [upper, lower] = [legend.bottom + 14, legend.bottom + 14 + PLOT];
    const y = scaleOf(least, most, lower, upper);
    const left = 24 + Math.max(...y.ticks.map((tick) => widthOf(chart.format(tick), 13)));
    const x = placeOf(chart.periods.length, left + 8, width - 28);
    const grid = y.ticks
      .map((tick) => drawTick(tick, chart.format(tick), y.at(tick), left, width, paint))
      .join('');
    const dates = drawPeriods(chart.periods, x, lower + 20, width, paint);
    const bands = chart.lines.map((line, i) => drawBand(line, x, y, INKS[i] ?? 'main', paint)).join('');
    const lines = chart.lines.map((line, i) => drawLine(line, x, y, i, paint)).join('');
    return { marks: legend.marks + grid + dates + bands + lines, bottom: lower + 24 };
  });
}

type Place = (index: number) => number;

function placeOf(count: number, from: number, to: number): Place {
  return (index) => (count > 1 ? from + ((to - from) * index) / (count - 1) : (from + to) / 2);
}

function drawTick(tick: number, text: string, y: number, left: number, width: number, paint: Paint): string {
  const ink = tick === 0 ? 'soft' : 'grid';
  return (
    `<line x1="${round(left)}" x2="${width - 16}" y1="${round(y)}" y2="${round(y)}" ${paint({ stroke: ink })}/>` +
    `<text x="${round(left - 8)}" y="${round(y + 4)}" font-size="13" text-anchor="end" ${paint({ fill: 'muted' })}>${escapeText(text)}</text>`
  );
}

/** As many as fit, evenly spaced from the last one back. */
function drawPeriods(periods: readonly string[], x: Place, y: number, width: number, paint: Paint): string {
  const most = Math.max(48, width / 3);
  const texts = periods.map((period) => fitText(period, most, 13));
  const gap = periods.length > 1 ? x(1) - x(0) : width;
  const every = Math.max(1, Math.ceil((Math.max(0, ...texts.map((text) => widthOf(text, 13))) + 10) / gap));
  let free = width;
  return texts
    .map((text, i): [string, number] => [text, i])
    .filter(([, i]) => (periods.length - 1 - i) % every === 0)
    .reverse()
    .map(([text, i]) => {
      const half = widthOf(text, 13) / 2;
      const at = Math.min(Math.max(x(i), half + 8), width - half - 8);
      // The last one is pushed inwards; who would run into it gives way.
      if (at + half > free) return '';
      free = at - half - 8;
      return `<text x="${round(at)}" y="${round(y)}" font-size="13" text-anchor="middle" ${paint({ fill: 'muted' })}>${escapeText(text)}</text>`;
    })
    .join('');
}

/** Stretches of places in a row for which `of` knows something. */
function stretches<T>(
  points: readonly Point[],
  of: (point: Point) => T | null,
): { place: number; known: T }[][] {
  const found: { place: number; known: T }[][] = [[]];
  points.forEach((point, place) => {
    const known = of(point);
    if (known === null) found.push([]);
    else found.at(-1)?.push({ place, known });
  });
  return found.filter((stretch) => stretch.length > 0);
}

function drawBand(line: Line, x: Place, y: Scale, ink: Ink, paint: Paint): string {
  const bounds = ({ low, high }: Point) =>
    typeof low === 'number' && typeof high === 'number' ? { low: y.at(low), high: y.at(high) } : null;
  return stretches(line.points, bounds)
    .map((stretch) => {
      const upper = stretch.map(({ place, known }) => `${round(x(place))} ${round(known.high)}`);
      const lower = stretch.map(({ place, known }) => `${round(x(place))} ${round(known.low)}`).reverse();
      const [only] = stretch;
      if (stretch.length === 1 && only)
        return `<line x1="${round(x(only.place))}" x2="${round(x(only.place))}" y1="${round(only.known.low)}" y2="${round(only.known.high)}" stroke-width="8" stroke-opacity="0.22" ${paint({ stroke: ink })}/>`;
      return `<path d="M${[...upper, ...lower].join('L')}Z" fill-opacity="0.18" ${paint({ fill: ink })}/>`;
    })
    .join('');
}

function drawLine(line: Line, x: Place, y: Scale, index: number, paint: Paint): string {
  const ink = INKS[index] ?? 'main';
  const from = line.forecastFrom ?? Number.POSITIVE_INFINITY;
  const stroke = (d: string, dash: string) =>
    `<path d="${d}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"${dash && ` stroke-dasharray="${dash}"`} ${paint({ stroke: ink })}/>`;
  const parts = stretches(line.points, ({ value }) => value).map((stretch) => {
    const path = (part: typeof stretch) =>
      part.length > 1
        ? `M${part.map(({ place, known }) => `${round(x(place))} ${round(y.at(known))}`).join('L')}`
        : '';
    const past = path(stretch.filter(({ place }) => place < from));
    // The dashes begin where the past ends, so that the line does not break.
    const ahead = path(stretch.filter(({ place }) => place >= from - 1));
    const dots = stretch
      .map(({ place, known }) => drawDot(x(place), y.at(known), place >= from, ink, paint))
      .join('');
    return (
      (past && stroke(past, DASHES[index] ?? '')) +
      (from < line.points.length && ahead ? stroke(ahead, '3 5') : '') +
      dots
    );
  });
  return parts.join('');
}

function drawDot(x: number, y: number, isForecast: boolean, ink: Ink, paint: Paint): string {
  return isForecast
    ? `<circle cx="${round(x)}" cy="${round(y)}" r="3.5" stroke-width="2" ${paint({ fill: 'surface', stroke: ink })}/>`
    : `<circle cx="${round(x)}" cy="${round(y)}" r="3" ${paint({ fill: ink })}/>`;
}

function drawLegend(lines: readonly Line[], top: number, width: number, paint: Paint) {
  let [x, y] = [16, top + 14];
  const marks = lines.map(({ name }, i) => {
    const text = fitText(name, width - 70, 13);
    const needed = 44 + widthOf(text, 13);
    if (x > 16 && x + needed > width - 16) [x, y] = [16, y + 22];
    const ink = INKS[i] ?? 'main';
    const dash = DASHES[i] ? ` stroke-dasharray="${DASHES[i]}"` : '';
    const mark =
      `<line x1="${round(x)}" x2="${round(x + 24)}" y1="${y - 4}" y2="${y - 4}" stroke-width="3"${dash} ${paint({ stroke: ink })}/>` +
      `<text x="${round(x + 30)}" y="${y}" font-size="13" ${paint({ fill: 'text' })}>${escapeText(text)}</text>`;
    x += needed;
    return mark;
  });
  return { marks: marks.join(''), bottom: y + 4 };
}
