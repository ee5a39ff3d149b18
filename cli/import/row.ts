// One row of an export, read through its map: values by field, and everything that was untidy about them.
// Promises: an empty cell leaves its field out (what the ledger holds stays); a cell that cannot be read refuses its
// row with column and reason; nothing is mended in silence.
import type { Json } from '../../engine/step.ts';
import { isUnreadable, readNumber, type Unreadable } from './cells.ts';
import type { Cell } from './map.ts';

export type Row = Readonly<Record<string, string>>;

export interface Note {
  readonly column: string;
  readonly reason: string;
}

export interface Reading {
  readonly row: Row;
  readonly decimal: '.' | ',';
  readonly readDate: (cell: string) => number | Unreadable;
  /** Types of the fields, where the map does not say one. */
  readonly typeOf: (field: string) => 'text' | 'number' | 'boolean' | 'instant';
  /** Untidy, but taken. */
  readonly notes: Note[];
  /** Why the row is not taken. */
  readonly refusals: Note[];
}

/** The value of one field; undefined where the cell is empty. */
export function readCell(field: string, cell: Cell, reading: Reading): Json | undefined {
  const spec = typeof cell === 'string' ? { column: cell, rename: {} } : cell;
  if ('value' in spec && spec.value !== undefined) return spec.value;
  const column = spec.column ?? field;
  const written = (reading.row[column] ?? '').trim();
  if (written === '') return fillEmpty(column, 'otherwise' in spec ? spec.otherwise : undefined, reading);
  const meant = spec.rename[written];
  if (meant !== undefined) reading.notes.push({ column, reason: `"${written}" is taken as "${meant}"` });
  const type = ('type' in spec ? spec.type : undefined) ?? reading.typeOf(field);
  const value = convert(meant ?? written, type, reading);
  if (!isUnreadable(value)) return value;
  reading.refusals.push({ column, reason: value.unreadable });
  return undefined;
}

export function readFields(fields: Readonly<Record<string, Cell>>, reading: Reading): Record<string, Json> {
  const read = Object.entries(fields).map(
    ([field, cell]) => [field, readCell(field, cell, reading)] as const,
  );
  return nest(read.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** `consent.marketing` is a field of a group. */
function nest(entries: readonly (readonly [string, Json])[]): Record<string, Json> {
  const nested: Record<string, Json> = {};
  for (const [field, value] of entries) {
    const [group = '', name] = field.split('.');
    if (name === undefined) nested[field] = value;
    else nested[group] = { ...(nested[group] as { [name: string]: Json } | undefined), [name]: value };
  }
  return nested;
}

function fillEmpty(column: string, otherwise: string | undefined, reading: Reading): Json | undefined {
  if (otherwise === undefined) {
    reading.notes.push({ column, reason: 'is empty' });
    return undefined;
  }
  const filled = otherwise.replace(/\{([^{}]+)\}/g, (_, name: string) => (reading.row[name] ?? '').trim());
  reading.notes.push({ column, reason: `is empty: taken as "${filled}"` });
  return filled;
}

function convert(text: string, type: ReturnType<Reading['typeOf']>, reading: Reading): Json | Unreadable {
  if (type === 'number') return readNumber(text, reading.decimal);
  if (type === 'instant') {
    const at = reading.readDate(text);
    return isUnreadable(at) ? at : new Date(at).toISOString();
  }
  if (type === 'text') return text;
  if (/^(true|yes|y|1|да)$/i.test(text)) return true;
  if (/^(false|no|n|0|нет)$/i.test(text)) return false;
  return { unreadable: `"${text}" is neither yes nor no` };
}
