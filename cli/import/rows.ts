// Rows to events in the API's own form. A deal's row becomes one stage change for each stage it is known to have
// reached, so that an imported history and a lived one are the same thing to every report.
// Event ids are made of the map's name and the row's own ids: importing again, or going on after a break, adds nothing.
import type { EventInput } from '../../db/event-input.ts';
import type { Json } from '../../engine/step.ts';
import { isUnreadable } from './cells.ts';
import type { ImportMap, StageRule } from './map.ts';
import { type Note, type Reading, type Row, readCell, readFields } from './row.ts';

export interface Taken {
  readonly events: readonly EventInput[];
  /** Untidy, but taken; with refusals, nothing of the row is. */
  readonly notes: readonly Note[];
  readonly refusals: readonly Note[];
}

export type Take = (row: Row) => Taken;

/** A reader of rows; `open` answers what a row needs (dates, types) with empty notes. It remembers ids it has met. */
export function rowReader(map: ImportMap, open: (row: Row) => Reading, asOf: number | null): Take {
  const met = new Set<string>();
  return (row) => {
    const reading = open(row);
    const events = reading.refusals.length > 0 ? [] : take(map, { reading, asOf, met });
    const { notes, refusals } = reading;
    return { events: refusals.length > 0 ? [] : events, notes, refusals };
  };
}

type MapOf<K> = Extract<ImportMap, { import: K }>;
interface Taking {
  readonly reading: Reading;
  readonly asOf: number | null;
  readonly met: Set<string>;
}

function take(map: ImportMap, taking: Taking): EventInput[] {
  if (map.import === 'deals') return takeDeal(map, taking);
  if (map.import === 'contacts') return takeContact(map, taking);
  return takeEvent(map, taking);
}

function takeDeal(map: MapOf<'deals'>, { reading, asOf, met }: Taking): EventInput[] {
  const contact = withId('contact', readFields(map.contact, reading), reading);
  const deal = withId('deal', readFields(map.deal, reading), reading);
  if (!contact || !deal || !isNew(deal.id, met, reading)) return [];
  return reached(map.stages, reading, asOf).map(({ stage, at }) => ({
    id: `import:${map.name}:${deal.id}:${stage}`,
    type: 'deal.stage_changed',
    at,
    contact,
    deal: { ...deal, stage },
  }));
}

function takeContact(map: MapOf<'contacts'>, { reading, asOf, met }: Taking): EventInput[] {
  const contact = withId('contact', readFields(map.contact, reading), reading);
  const at = dateOf(map.at, reading, asOf);
  if (!contact || at === null || !isNew(contact.id, met, reading)) return [];
  return [{ id: `import:${map.name}:${contact.id}`, type: 'contact.updated', at, contact }];
}

function takeEvent(map: MapOf<'events'>, { reading, asOf, met }: Taking): EventInput[] {
  const contact = withId('contact', readFields(map.contact, reading), reading);
  const deal = map.deal ? withId('deal', readFields(map.deal, reading), reading) : undefined;
  const id = String(readCell('id', map.id, reading) ?? '');
  const type = String(readCell('type', map.type, reading) ?? '');
  const at = dateOf(map.at, reading, asOf);
  if (id === '' || type === '')
    reading.refusals.push({ column: id === '' ? 'id' : 'type', reason: 'an event needs an id and a type' });
  if (!contact || deal === null || at === null || !isNew(id, met, reading)) return [];
  const data = readFields(map.data, reading);
  return [{ id: `import:${map.name}:${id}`, type, at, contact, ...(deal ? { deal } : {}), data }];
}

function withId(what: string, fields: Record<string, Json>, reading: Reading) {
  const id = fields.id;
  if (id !== undefined && id !== '') return { ...fields, id: String(id) };
  reading.refusals.push({
    column: `${what}.id`,
    reason: `the ${what} has no id: map a column that every row fills, or say otherwise:`,
  });
  return null;
}

function isNew(id: string, met: Set<string>, reading: Reading): boolean {
  if (met.has(id))
    reading.refusals.push({ column: 'id', reason: `an earlier row has the id "${id}" already` });
  const first = !met.has(id);
  met.add(id);
  return first;
}

/** The stages that a row has reached, each not before the one ahead of it. */
function reached(rules: readonly StageRule[], reading: Reading, asOf: number | null) {
  const holds = rules.filter((rule) =>
    Object.entries(rule.only_if).every(([column, wanted]) =>
      [wanted].flat().includes((reading.row[column] ?? '').trim()),
    ),
  );
  if (holds.length === 0)
    reading.refusals.push({ column: 'stages', reason: `no stage of the map fits ${shown(rules, reading)}` });
  let last = Number.NEGATIVE_INFINITY;
  return holds.flatMap((rule) => {
    const at = dateOf(rule.at, reading, asOf);
    if (at === null) return [];
    if (at < last)
      reading.notes.push({
        column: rule.at,
        reason: `lies before the stage ahead of ${rule.stage}: taken as the same day`,
      });
    last = Math.max(last, at);
    return [{ stage: rule.stage, at: last }];
  });
}

const shown = (rules: readonly StageRule[], { row }: Reading) =>
  [...new Set(rules.flatMap((rule) => Object.keys(rule.only_if)))]
    .map((column) => `${column} "${row[column] ?? ''}"`)
    .join(', ') || 'this row';

/** The column's date; asOf where the cell is empty or no column is named, with a note; null, and a refusal, where there is none. */
function dateOf(column: string | undefined, reading: Reading, asOf: number | null): number | null {
  const written = column === undefined ? '' : (reading.row[column] ?? '').trim();
  const at = written === '' ? asOf : reading.readDate(written);
  if (isUnreadable(at)) reading.refusals.push({ column: column ?? 'at', reason: at.unreadable });
  else if (at === null)
    reading.refusals.push({ column: column ?? 'at', reason: 'is empty, and the map says no as_of' });
  else if (written === '' && column !== undefined)
    reading.notes.push({ column, reason: 'is empty: taken as the day of the export' });
  return isUnreadable(at) ? null : at;
}
