// A flow laid out from top to bottom by dagre: every box as large as its words need, so that nothing overflows, and every
// way bent around what is not its own. The same flow gives the same picture.
import { Graph, layout } from '@dagrejs/dagre';
import { BOLD, widthOf, wrapText } from './chart.ts';

export interface FlowBox {
  readonly id: string;
  readonly kind: 'enter' | 'step' | 'fork' | 'end';
  readonly label: string;
}
export interface FlowWay {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isBack: boolean;
}

/** What the ledger knows of a step. */
export interface Passing {
  /** Standing there now. */
  readonly here: number;
  /** Who ever came. */
  readonly came: number;
}
export type Counts = { readonly [step: string]: Passing };

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface LaidBox extends FlowBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The label, broken to fit. */
  readonly lines: readonly string[];
  /** The step's id, and the counts where there are any. */
  readonly notes: readonly string[];
}
export interface LaidWay extends FlowWay {
  readonly points: readonly Point[];
  readonly lines: readonly string[];
  readonly at: Point;
}
export interface Laid {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly LaidBox[];
  readonly ways: readonly LaidWay[];
}

export const TEXT = 13;
export const SMALL = 11;
export const LINE = 17;
export const SMALL_LINE = 15;
/** Room for words in a box, and beside a way. */
const BOX_TEXT = 190;
const WAY_TEXT = 150;
const PAD = 12;

export function layOut(boxes: readonly FlowBox[], ways: readonly FlowWay[], counts: Counts | null): Laid {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 34, edgesep: 18, marginx: 4, marginy: 4 });
  const sized = boxes.map((box) => sizeBox(box, counts));
  for (const { id, width, height } of sized) graph.setNode(id, { width, height });
  const worded = ways.map((way) => ({
    ...way,
    lines: way.label ? wrapText(way.label, WAY_TEXT, SMALL) : [],
  }));
  for (const [i, { from, to, lines }] of worded.entries())
    graph.setEdge(
      from,
      to,
      { width: widest(lines, SMALL), height: lines.length * SMALL_LINE, labelpos: 'c' },
      String(i),
    );
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes: sized.map((box) => {
      const { x = 0, y = 0 } = graph.node(box.id);
      return { ...box, x, y };
    }),
    ways: worded.map((way, i) => {
      const { points = [], x = 0, y = 0 } = graph.edge(way.from, way.to, String(i));
      return { ...way, points, at: { x, y } };
    }),
  };
}

function sizeBox(box: FlowBox, counts: Counts | null): Omit<LaidBox, 'x' | 'y'> {
  const lines = wrapText(box.label, BOX_TEXT, TEXT * BOLD);
  const notes = box.id.startsWith('@') ? [] : [box.id, ...countsOf(counts?.[box.id], counts !== null)];
  const width = Math.max(90, widest(lines, TEXT * BOLD), widest(notes, SMALL)) + 2 * PAD;
  return { ...box, lines, notes, width, height: lines.length * LINE + notes.length * SMALL_LINE + 2 * PAD };
}

function countsOf(passing: Passing | undefined, isAsked: boolean): string[] {
  if (!isAsked) return [];
  const { here, came } = passing ?? { here: 0, came: 0 };
  return [`${here.toLocaleString('en')} here, ${came.toLocaleString('en')} came`];
}

const widest = (lines: readonly string[], size: number) =>
  Math.max(0, ...lines.map((line) => Math.ceil(widthOf(line, size))));
