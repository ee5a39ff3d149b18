// NPS at a look: the score with its interval on the scale from -100 to 100, and the eleven answers under it. Where the
// score is refused the scale says so, and the answers are still shown.
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
import { type Answers, partiesOf } from './nps.ts';
import { scaleOf } from './scale.ts';
import type { Estimate } from './stats.ts';

export interface NpsChart extends ChartFrame {
  readonly answers: Answers;
  /** null where too few answered. */
  readonly score: Estimate | null;
  /** The score, or its refusal, in words: "NPS 32 (24 to 40)", "Too few answers for a score: 12 of 30". */
  readonly said: string;
  /** Names of the three groups with their shares, in words. */
  readonly detractors: string;
  readonly passives: string;
  readonly promoters: string;
}

const COLUMNS = 130;

export function drawNps(chart: NpsChart): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  return frame(chart, (paint, top) => {
    const lines = wrapText(chart.said, width - 32, 20 * BOLD);
    const said = lines.map(
      (line, i) =>
        `<text x="16" y="${top + 24 + 26 * i}" font-size="20" font-weight="600" ${paint({ fill: 'text' })}>${escapeText(line)}</text>`,
    );
    const under = top + 14 + 26 * lines.length;
    const scale = drawScale(chart.score, under, width, paint);
    const answers = drawAnswers(chart, under + 56, width, paint);
    return { marks: said.join('') + scale + answers.marks, bottom: answers.bottom };
  });
}

function drawScale(score: Estimate | null, y: number, width: number, paint: Paint): string {
  const { at } = scaleOf(-100, 100, 28, width - 28, 5);
  const track = `<rect x="28" y="${y + 6}" width="${width - 56}" height="6" rx="3" ${paint({ fill: 'grid' })}/>`;
  const ticks = [-100, -50, 0, 50, 100].map((tick) => {
    const x = round(at(tick));
    return (
      `<line x1="${x}" x2="${x}" y1="${y + 3}" y2="${y + 15}" ${paint({ stroke: 'soft' })}/>` +
      `<text x="${x}" y="${y + 30}" font-size="13" text-anchor="middle" ${paint({ fill: 'muted' })}>${tick < 0 ? '−' : ''}${Math.abs(tick)}</text>`
    );
  });
  if (!score) return track + ticks.join('');
  const [low, high] = [at(score.low), at(score.high)];
  const band = `<rect x="${round(low)}" y="${y + 4}" width="${round(Math.max(2, high - low))}" height="10" rx="3" ${paint({ fill: 'main' })} fill-opacity="0.5"/>`;
  const mark = `<rect x="${round(at(score.value) - 3)}" y="${y - 1}" width="6" height="20" rx="2" stroke-width="1.5" ${paint({ fill: 'main', stroke: 'surface' })}/>`;
  return track + ticks.join('') + band + mark;
}

function inkOf(answer: number): Ink {
  return answer >= 9 ? 'main' : answer >= 7 ? 'soft' : 'warn';
}

function drawAnswers({ answers, ...names }: NpsChart, top: number, width: number, paint: Paint) {
  const slot = (width - 32) / 11;
  const most = Math.max(1, ...answers);
  const base = top + COLUMNS;
  const columns = answers.map((count, answer) => {
    const height = ((COLUMNS - 24) * count) / most;
    const middle = round(16 + slot * (answer + 0.5));
    return (
      `<rect x="${round(16 + slot * answer + slot * 0.12)}" y="${round(base - height)}" width="${round(slot * 0.76)}" height="${round(height)}" rx="2" ${paint({ fill: inkOf(answer) })}/>` +
      `<text x="${middle}" y="${round(base - height - 6)}" font-size="13" text-anchor="middle" ${paint({ fill: 'text' })}>${count}</text>` +
      `<text x="${middle}" y="${base + 18}" font-size="13" text-anchor="middle" ${paint({ fill: 'muted' })}>${answer}</text>`
    );
  });
  const ground = `<line x1="16" x2="${width - 16}" y1="${base}" y2="${base}" ${paint({ stroke: 'soft' })}/>`;
  const groups = drawGroups(names, base + 40, width, paint);
  return { marks: columns.join('') + ground + groups.marks, bottom: groups.bottom };
}

/** In a row where they fit, one under the other where not. */
function drawGroups(
  { detractors, passives, promoters }: Pick<NpsChart, 'detractors' | 'passives' | 'promoters'>,
  top: number,
  width: number,
  paint: Paint,
) {
  const groups: [string, Ink][] = [
    [detractors, 'warn'],
    [passives, 'soft'],
    [promoters, 'main'],
  ];
  const needed = groups.map(([text]) => widthOf(text, 13) + 44);
  const isRow = needed.reduce((a, b) => a + b, 0) <= width - 32;
  let [x, y] = [16, top];
  const marks = groups.map(([text, ink], i) => {
    const mark =
      `<rect x="${round(x)}" y="${y - 10}" width="12" height="12" rx="2" ${paint({ fill: ink })}/>` +
      `<text x="${round(x + 19)}" y="${y}" font-size="13" ${paint({ fill: 'text' })}>${escapeText(fitText(text, width - 52, 13))}</text>`;
    if (isRow) x += needed[i] ?? 0;
    else if (i < groups.length - 1) y += 22;
    return mark;
  });
  return { marks: marks.join(''), bottom: y };
}

/** Shares of the three groups, 0 to 1, for the words of a chart; null without answers. */
export function sharesOf(
  answers: Answers,
): { detractors: number; passives: number; promoters: number } | null {
  const { detractors, passives, promoters, n } = partiesOf(answers);
  return n === 0 ? null : { detractors: detractors / n, passives: passives / n, promoters: promoters / n };
}
