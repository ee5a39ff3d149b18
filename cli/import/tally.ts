// What became of an import's rows, counted while they pass: taken, known, refused; where the deals stand; and everything
// that was untidy, gathered by column and kind. Memory grows with the kinds, never with the rows.
import type { EventInput } from '../../db/event-input.ts';
import type { Note, Row } from './row.ts';
import { type Spelling, spellingCount } from './spelling.ts';

/** One kind of untidiness: the same column and the same words but for what stands in quotes. */
export interface Untidy {
  readonly column: string;
  /** Of the first row. */
  readonly reason: string;
  rows: number;
  /** The first ones. */
  readonly lines: number[];
}

export interface Tally {
  rows: number;
  /** Rows of which something is new; the ledger has all of the `known`. */
  taken: number;
  known: number;
  refused: number;
  events: number;
  /** The last stage of each deal that was not refused. */
  readonly stages: Map<string, number>;
  readonly refusals: Map<string, Untidy>;
  readonly notes: Map<string, Untidy>;
  readonly spelling: ReturnType<typeof spellingCount>;
}

const shownLines = 5;

export function openTally(): Tally {
  const counts = { rows: 0, taken: 0, known: 0, refused: 0, events: 0 };
  const maps = { stages: new Map(), refusals: new Map(), notes: new Map() };
  return { ...counts, ...maps, spelling: spellingCount() };
}

export function addUntidy(to: Map<string, Untidy>, notes: readonly Note[], line: number): void {
  for (const { column, reason } of notes) {
    const kind = `${column}\n${reason.replace(/"[^"]*"/g, '""')}`;
    const one = to.get(kind) ?? { column, reason, rows: 0, lines: [] };
    to.set(kind, one);
    one.rows += 1;
    if (one.lines.length < shownLines) one.lines.push(line);
  }
}

/** What a row came to: `fresh` of its events are new to the ledger. */
export function addTaken(to: Tally, events: readonly EventInput[], fresh: number): void {
  to.events += fresh;
  if (fresh > 0) to.taken += 1;
  else to.known += 1;
  const stage = events.at(-1)?.deal?.stage;
  if (stage !== undefined) to.stages.set(stage, (to.stages.get(stage) ?? 0) + 1);
}

export function addSpellings(to: Tally, row: Row): void {
  for (const [column, value] of Object.entries(row)) to.spelling.add(column, value);
}

/** What a program reads of it, and what `tell` prints. */
export interface Imported {
  readonly applied: boolean;
  readonly rows: number;
  readonly taken: number;
  readonly known: number;
  readonly refused: number;
  readonly events: number;
  /** Deals by the stage that they came to. */
  readonly stages: { readonly [stage: string]: number };
  readonly won: number;
  readonly lost: number;
  readonly refusals: readonly Untidy[];
  readonly notes: readonly Untidy[];
  readonly spellings: readonly Spelling[];
  /** The last line that was taken in, where it was stopped before the end. */
  readonly stoppedAt: number | null;
}
