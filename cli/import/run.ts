// The rows of a file, through the map, to the ledger: a thousand events at a time, by the same gates as POST /v1/events.
// Promises: a row is taken whole or not at all; ids that the ledger has met are passed over by one read a batch, so that
// an import that was broken off is gone on with by running it again.

import type { Db } from '../../db/connect.ts';
import { checkInput, type EventInput } from '../../db/event-input.ts';
import { findMet, type RecordOptions, record } from '../../db/events.ts';
import { parseInstant } from '../../engine/calendar-zone.ts';
import type { Catalogue, FieldTypes } from '../../engine/catalogue.ts';
import { defaultLimits } from '../../web/deps.ts';
import { checkEvent } from '../../web/event-check.ts';
import { shapeOf } from '../../web/event-shape.ts';
import { dateReader } from './cells.ts';
import type { List } from './lists.ts';
import type { ImportMap } from './map.ts';
import type { NumberedRow } from './read.ts';
import type { Note, Reading, Row } from './row.ts';
import { rowReader } from './rows.ts';
import { addSpellings, addTaken, addUntidy, openTally, type Tally } from './tally.ts';

export interface Import {
  readonly db: Db;
  readonly map: ImportMap;
  readonly catalogue: Catalogue;
  readonly rows: AsyncIterable<NumberedRow>;
  /** null: nothing is written. */
  readonly options: RecordOptions;
  readonly isRehearsal: boolean;
  readonly rejects: List;
  readonly untidy: List;
  isStopping(): boolean;
  onProgress(rows: number): void;
}

interface Waiting extends NumberedRow {
  readonly events: readonly EventInput[];
}

const mostAtOnce = 1_000;

/** Answers the tally, and the line after which it was stopped; null: it came to the end. */
export async function importRows(job: Import): Promise<{ tally: Tally; stoppedAt: number | null }> {
  const { map, catalogue, rejects, untidy } = job;
  const tally = openTally();
  const asOf = map.as_of === undefined ? null : parseInstant(map.as_of, map.timezone);
  const take = rowReader(map, opening(map, catalogue), asOf);
  const check = checking(job);
  let waiting: Waiting[] = [];
  let size = 0;
  const flush = async () => {
    await send(job, waiting, tally);
    [waiting, size] = [[], 0];
    job.onProgress(tally.rows);
  };
  for await (const { line, row } of job.rows) {
    tally.rows += 1;
    addSpellings(tally, row);
    const { events, notes, refusals } = take(row);
    const wrong = refusals.length > 0 ? refusals : events.flatMap(check);
    if (notes.length > 0) {
      addUntidy(tally.notes, notes, line);
      untidy.add(line, notes, row);
    }
    if (wrong.length > 0) refuse(tally, rejects, { line, row }, wrong);
    else {
      waiting.push({ line, row, events });
      size += events.length;
    }
    if (size < mostAtOnce) continue;
    await flush();
    if (job.isStopping()) return { tally, stoppedAt: line };
  }
  await flush();
  return { tally, stoppedAt: null };
}

async function send(
  { db, options, isRehearsal, rejects }: Import,
  waiting: readonly Waiting[],
  tally: Tally,
) {
  const all = waiting.flatMap(({ events }) => events);
  const met = await findMet(
    db,
    all.map(({ id }) => id),
  );
  const fresh = all.filter(({ id }) => !met.has(id));
  const results = isRehearsal || fresh.length === 0 ? [] : await record(db, fresh, options);
  const refused = new Map(
    results.flatMap((one) => (one.status === 'refused' ? [[one.id, one] as const] : [])),
  );
  for (const { line, row, events } of waiting) {
    const wrong = events.flatMap(({ id }) => {
      const { path = 'row', reason = 'is refused' } = refused.get(id) ?? {};
      return refused.has(id) ? [{ column: path, reason }] : [];
    });
    if (wrong.length > 0) refuse(tally, rejects, { line, row }, wrong);
    else addTaken(tally, events, events.filter(({ id }) => !met.has(id)).length);
  }
}

function refuse(tally: Tally, rejects: List, { line, row }: NumberedRow, wrong: readonly Note[]): void {
  // The events of a row mostly share what is wrong with it.
  const reasons = wrong.filter(
    (one, i) => wrong.findIndex(({ column, reason }) => column === one.column && reason === one.reason) === i,
  );
  tally.refused += 1;
  addUntidy(tally.refusals, reasons, line);
  rejects.add(line, reasons, row);
}

/** Everything against an event that the API would say. */
function checking({ catalogue, options }: Import): (event: EventInput) => Note[] {
  const shape = shapeOf(catalogue.facts);
  return (event) => {
    const checked = checkEvent(
      { ...event, at: new Date(event.at).toISOString() },
      shape,
      options.now,
      defaultLimits,
    );
    const against = 'refused' in checked ? checked.refused : checkInput(event, options);
    if (against === null) return [];
    const also = 'also' in against ? (against.also ?? []) : [];
    const first = { path: against.path ?? 'row', reason: against.reason ?? 'is refused' };
    return [first, ...also].map(({ path, reason }) => ({ column: path, reason }));
  };
}

function opening(map: ImportMap, { facts }: Catalogue): (row: Row) => Reading {
  const readDate = dateReader(map.dates, (local) => parseInstant(local, map.timezone));
  const typeOf = (field: string): ReturnType<Reading['typeOf']> => {
    const [group = '', name] = field.split('.');
    const types = [facts.deal, facts.contact].map((owner: FieldTypes) => owner[group]);
    const type = types.find((one) => one !== undefined);
    if (typeof type === 'object') return typeOfInner(type[name ?? ''] ?? type['*']);
    return typeOfInner(type);
  };
  return (row) => ({ row, decimal: map.decimal, readDate, typeOf, notes: [], refusals: [] });
}

const typeOfInner = (type: FieldTypes[string] | undefined) => (typeof type === 'string' ? type : 'text');
