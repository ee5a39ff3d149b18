// Bars that lie, one under the other, each with its label, its value in words, and where given a whisker for its interval.
import {
  BOLD,
  type ChartFrame,
  DEFAULT_WIDTH,
  escapeText,
  fitText,
  frame,
  type Paint,
  round,
  widthOf,
} from './chart.ts';

export interface Bar {
  readonly label: string;
  /** null: not known; the row stays, with its text. */
  readonly value: number | null;
  readonly low?: number | null;
  readonly high?: number | null;
  /** The value in words, as the reader's language writes it. */
  readonly text: string;
  /** Drawn in the colour of warning: never the only sign, so say it in `text` too. */
  readonly isMarked?: boolean;
}
export interface BarChart extends ChartFrame {
  readonly bars: readonly Bar[];
}

/** The pixel of a value. */
type Place = (value: number) => number;

const LABEL = 22;
const BODY = 18;
const GAP = 10;

/** Label and value stand over their bar, so that neither is cut on a phone. */
export function drawBars(chart: BarChart): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const ends = chart.bars.flatMap(({ value, low, high }) => [value, low, high]).filter((x) => isNumber(x));
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const at: Place = (value) => 16 + ((value - least) / (most - least || 1)) * (width - 32);
  return frame(chart, (paint, top) => {
    const row = LABEL + BODY + GAP;
    const bottom = top + 4 + row * chart.bars.length - GAP;
    const marks = chart.bars.map((bar, i) => drawBar(bar, top + 4 + row * i, width, at, paint));
    return { marks: marks.join(''), bottom };
  });
}

function drawBar(bar: Bar, y: number, width: number, at: Place, paint: Paint): string {
  const said = fitText(bar.text, width * 0.6, 13);
  const room = width - 44 - widthOf(said, 13);
  const texts =
    `<text x="16" y="${y + 15}" font-size="13" font-weight="600" ${paint({ fill: 'text' })}>${escapeText(fitText(bar.label, room, 13 * BOLD))}</text>` +
    `<text x="${width - 16}" y="${y + 15}" font-size="13" text-anchor="end" ${paint({ fill: bar.value === null ? 'muted' : 'text' })}>${escapeText(said)}</text>`;
  const track = `<rect x="16" y="${y + LABEL}" width="${width - 32}" height="${BODY}" rx="2" ${paint({ fill: 'grid' })} fill-opacity="0.5"/>`;
  if (!isNumber(bar.value)) return texts + track;
  const [from, to] = [at(Math.min(0, bar.value)), at(Math.max(0, bar.value))];
  const body = `<rect x="${round(from)}" y="${y + LABEL}" width="${round(Math.max(1, to - from))}" height="${BODY}" rx="2" ${paint({ fill: bar.isMarked ? 'warn' : 'main' })}/>`;
  const zero = `<line x1="${round(at(0))}" x2="${round(at(0))}" y1="${y + LABEL - 3}" y2="${y + LABEL + BODY + 3}" stroke-width="1.5" ${paint({ stroke: 'soft' })}/>`;
  return texts + track + body + zero + drawWhisker(bar, y + LABEL + BODY / 2, at, paint);
}

/** A dark line on a light edge, so that it shows on the bar and off it. */
function drawWhisker({ low, high }: Bar, y: number, at: Place, paint: Paint): string {
  if (!isNumber(low) || !isNumber(high) || high <= low) return '';
  const [a, b, v] = [round(at(low)), round(at(high)), round(y)];
  const path = `M${a} ${round(y - 5)}v10M${a} ${v}H${b}M${b} ${round(y - 5)}v10`;
  return (
    `<path d="${path}" stroke-width="4" ${paint({ stroke: 'surface' })}/>` +
    `<path d="${path}" stroke-width="1.5" ${paint({ stroke: 'text' })}/>`
  );
}

function isNumber(x: number | null | undefined): x is number {
  return typeof x === 'number' && Number.isFinite(x);
}
