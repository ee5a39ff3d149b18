// The picture of a flow: an SVG like every chart, light and dark, with its title, and its rules in words under it.
import { BOLD, type ChartFrame, escapeText, frame, type Paint, round, widthOf, wrapText } from './chart.ts';
import {
  type Counts,
  type FlowBox,
  type FlowWay,
  type Laid,
  type LaidBox,
  type LaidWay,
  LINE,
  layOut,
  type Point,
  SMALL,
  SMALL_LINE,
  TEXT,
} from './graph.ts';

export interface FlowPicture {
  readonly workflow: string;
  readonly description: string;
  readonly boxes: readonly FlowBox[];
  readonly ways: readonly FlowWay[];
  readonly rules: readonly string[];
}

const MARGIN = 16;
const LEAST = 360;

export function drawFlow(
  flow: FlowPicture,
  { counts = null, ...given }: Pick<ChartFrame, 'id' | 'theme'> & { readonly counts?: Counts | null },
): string {
  const laid = layOut(flow.boxes, flow.ways, counts);
  const width = Math.ceil(Math.max(LEAST, laid.width + 2 * MARGIN));
  const shown: ChartFrame = { ...given, width, title: flow.workflow, description: describe(flow) };
  return frame(shown, (paint, top) => {
    const intro = textLines(flow.description, width, top, paint);
    const from = intro.bottom + 12;
    const left = (width - laid.width) / 2;
    const rules = ruleLines(flow.rules, width, from + laid.height + 24, paint);
    const picture = `<g transform="translate(${round(left)} ${round(from)})">${marksOf(laid, given.id, paint)}</g>`;
    return { marks: `${intro.marks}${picture}${rules.marks}`, bottom: rules.bottom };
  });
}

function describe({ workflow, description, boxes, rules }: FlowPicture): string {
  const steps = boxes.filter(({ id }) => !id.startsWith('@')).map(({ id, label }) => `${id}: ${label}`);
  return `${workflow}. ${description} Steps: ${steps.join('; ')}. ${rules.join('. ')}.`;
}

function marksOf(laid: Laid, id: string, paint: Paint): string {
  const arrow =
    `<defs><marker id="${id}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path d="M0 0 8 4 0 8z" ${paint({ fill: 'soft' })}/></marker></defs>`;
  const lines = laid.ways.map((way) => lineOf(way, id, paint)).join('');
  const boxes = laid.boxes.map((box) => boxOf(box, paint)).join('');
  const words = laid.ways.map((way) => wordsOf(way, paint)).join('');
  return `${arrow}${lines}${boxes}${words}`;
}

function lineOf({ points, isBack }: LaidWay, id: string, paint: Paint): string {
  const dashes = isBack ? ' stroke-dasharray="5 4"' : '';
  return `<path d="${smooth(points)}" stroke-width="1.5"${dashes} marker-end="url(#${id}-arrow)" ${paint({ stroke: 'soft' })}/>`;
}

/** Through the middle between two bends, so that corners are round and the ends stay straight. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const last = rest.at(-1) ?? first;
  const curves = rest.slice(0, -1).map((bend, i) => {
    const next = rest[i + 1] ?? last;
    const isLast = i === rest.length - 2;
    const to = isLast ? last : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 };
    return `Q${at(bend)} ${at(to)}`;
  });
  return `M${at(first)}${curves.length === 0 ? `L${at(last)}` : curves.join('')}`;
}

function boxOf(box: LaidBox, paint: Paint): string {
  const { kind, x, y, width, height, lines, notes } = box;
  const inks = {
    enter: { fill: 'main', stroke: 'main' },
    step: { fill: 'surface', stroke: 'soft' },
    fork: { fill: 'pale', stroke: 'main' },
    end: { fill: 'grid', stroke: 'soft' },
  } as const;
  const round5 = kind === 'enter' || kind === 'end' ? height / 2 : 6;
  const rect = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${round(Math.min(round5, 22))}" stroke-width="1.2" ${paint(inks[kind])}/>`;
  const top = y - (lines.length * LINE + notes.length * SMALL_LINE) / 2;
  const ink = kind === 'enter' ? 'onFill' : 'text';
  const words = lines.map((line, i) =>
    centred(line, x, top + LINE * i + 13, TEXT, paint({ fill: ink }), true),
  );
  const small = notes.map((note, i) =>
    centred(note, x, top + LINE * lines.length + SMALL_LINE * i + 11, SMALL, paint({ fill: 'muted' }), false),
  );
  return `${rect}${words.join('')}${small.join('')}`;
}

function wordsOf({ lines, at }: LaidWay, paint: Paint): string {
  if (lines.length === 0) return '';
  const width = Math.max(...lines.map((line) => widthOf(line, SMALL))) + 6;
  const height = lines.length * SMALL_LINE;
  const back = `<rect x="${round(at.x - width / 2)}" y="${round(at.y - height / 2)}" width="${round(width)}" height="${height}" rx="3" ${paint({ fill: 'surface' })}/>`;
  const words = lines.map((line, i) =>
    centred(line, at.x, at.y - height / 2 + SMALL_LINE * i + 11, SMALL, paint({ fill: 'muted' }), false),
  );
  return `${back}${words.join('')}`;
}

function centred(text: string, x: number, y: number, size: number, paint: string, isBold: boolean): string {
  const weight = isBold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="middle"${weight} ${paint}>${escapeText(text)}</text>`;
}

function textLines(
  text: string,
  width: number,
  top: number,
  paint: Paint,
): { marks: string; bottom: number } {
  const lines = text === '' ? [] : wrapText(text, width - 2 * MARGIN, TEXT);
  const marks = lines.map(
    (line, i) =>
      `<text x="${MARGIN}" y="${top + 12 + LINE * i}" font-size="${TEXT}" ${paint({ fill: 'muted' })}>${escapeText(line)}</text>`,
  );
  return { marks: marks.join(''), bottom: top + LINE * lines.length };
}

/** Each rule on lines of its own; its first word says which kind it is. */
function ruleLines(
  rules: readonly string[],
  width: number,
  top: number,
  paint: Paint,
): { marks: string; bottom: number } {
  let y = top;
  const marks: string[] = [];
  for (const rule of rules) {
    const rest = textLines(rule, width / BOLD, y, paint);
    marks.push(rest.marks);
    y = rest.bottom + 3;
  }
  return { marks: marks.join(''), bottom: y };
}
