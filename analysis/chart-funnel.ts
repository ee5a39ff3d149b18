// A funnel: one bar per stage, as long as the number that came that far, and between two bars how many went on. The
// bottleneck is told by a mark and in words, never by colour alone.
import {
  BOLD,
  type ChartFrame,
  DEFAULT_WIDTH,
  escapeText,
  fitText,
  frame,
  type Ink,
  type Paint,
  round,
  widthOf,
  wrapText,
} from './chart.ts';

export interface FunnelStage {
  readonly label: string;
  readonly count: number;
  /** The count in words; by default the number. */
  readonly text?: string;
  /** How many of them went on to the next stage, in words: "62 % went on (58 to 66)". */
  readonly onward?: string | null;
  readonly isBottleneck?: boolean;
}
export interface FunnelChart extends ChartFrame {
  readonly stages: readonly FunnelStage[];
}

const LABEL = 22;
const BAR = 26;
const ONWARD = 16;
const LINE = 16;

export function drawFunnel(chart: FunnelChart): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const most = Math.max(1, ...chart.stages.map(({ count }) => count));
  const length = (count: number) => Math.max(2, ((width - 32) * count) / most);
  return frame(chart, (paint, top) => {
    let y = top + 6;
    const marks = chart.stages.map((stage, i) => {
      const next = chart.stages[i + 1];
      const onward =
        next && drawOnward(stage, y + LABEL + BAR, length(stage.count), length(next.count), width, paint);
      const mark = (onward?.marks ?? '') + drawStage(stage, y, width, length(stage.count), paint);
      y = onward?.bottom ?? y + LABEL + BAR;
      return mark;
    });
    return { marks: marks.join(''), bottom: y };
  });
}

function drawStage(stage: FunnelStage, y: number, width: number, length: number, paint: Paint): string {
  const count = fitText(stage.text ?? String(stage.count), width * 0.5, 13);
  const room = width - 44 - widthOf(count, 13);
  return (
    `<text x="16" y="${y + 15}" font-size="13" font-weight="600" ${paint({ fill: 'text' })}>${escapeText(fitText(stage.label, room, 13 * BOLD))}</text>` +
    `<text x="${width - 16}" y="${y + 15}" font-size="13" text-anchor="end" ${paint({ fill: 'text' })}>${escapeText(count)}</text>` +
    `<rect x="16" y="${y + LABEL}" width="${round(length)}" height="${BAR}" rx="2" ${paint({ fill: 'main' })}/>`
  );
}

/** The part that goes on, narrowing; its words stand over it, where they can be read whatever the shape. */
function drawOnward(stage: FunnelStage, y: number, from: number, to: number, width: number, paint: Paint) {
  const ink: Ink = stage.isBottleneck ? 'warn' : 'text';
  const lines = stage.onward ? wrapText(stage.onward, width - 62, stage.isBottleneck ? 13 * BOLD : 13) : [];
  const bottom = y + ONWARD + LINE * Math.max(1, lines.length);
  const shape = `<path d="M16 ${y}H${round(16 + from)}L${round(16 + to)} ${bottom + LABEL}H16Z" ${paint({ fill: 'pale' })} fill-opacity="0.55"/>`;
  if (lines.length === 0) return { marks: shape, bottom };
  const middle = y + ONWARD / 2 + LINE / 2;
  const arrow = stage.isBottleneck
    ? `<path d="M24 ${middle + 6}l7 -12l7 12z" ${paint({ fill: 'warn' })}/>`
    : `<path d="M26 ${middle - 3}l5 6l5 -6" stroke-width="2" ${paint({ stroke: 'muted' })}/>`;
  const weight = stage.isBottleneck ? ' font-weight="600"' : '';
  const texts = lines.map(
    (line, i) =>
      `<text x="46" y="${round(middle + 4.5 + LINE * i)}" font-size="13"${weight} ${paint({ fill: ink })}>${escapeText(line)}</text>`,
  );
  return { marks: shape + arrow + texts.join(''), bottom };
}
