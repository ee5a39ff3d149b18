// Rows of an export, one at a time: CSV (comma, semicolon or tab, told by its first line) or NDJSON. Bounded memory.
// Promises: every row knows the line it begins on; a file that is neither says so with the line.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { complaint } from '../streams.ts';
import type { Row } from './row.ts';

export interface NumberedRow {
  /** From 1; the header is line 1. */
  readonly line: number;
  readonly row: Row;
}

/** `look` is shown the header of a CSV before its rows. */
export function readRows(
  path: string,
  look: (header: readonly string[]) => void = () => undefined,
): AsyncIterable<NumberedRow> {
  return /\.(ndjson|jsonl)$/i.test(path) ? readNdjson(path) : readCsv(path, look);
}

/** What is read of a file's beginning to tell its delimiter. */
const peekBytes = 64 * 1024;

async function* readCsv(path: string, look: (header: readonly string[]) => void): AsyncIterable<NumberedRow> {
  const file = await open(path);
  const { buffer, bytesRead } = await file
    .read({ buffer: Buffer.alloc(peekBytes) })
    .finally(() => file.close());
  const header = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/)[0] ?? '';
  const count = (mark: string) => header.split(mark).length;
  const delimiter = [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  const parser = parse({
    columns: unique(path, look),
    delimiter,
    bom: true,
    info: true,
    relax_column_count_less: true,
    trim: true,
    skip_empty_lines: true,
  });
  try {
    for await (const { record, info } of createReadStream(path).pipe(parser))
      yield { line: info.lines, row: record };
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw complaint(1, `${path}: ${error.message}`);
    throw error;
  }
}

/** Two columns of one name would hide each other. */
function unique(path: string, look: (header: readonly string[]) => void): (header: string[]) => string[] {
  return (header) => {
    const twice = header.find((name, at) => name !== '' && header.indexOf(name) !== at);
    if (twice !== undefined) throw complaint(1, `${path}: two columns are named "${twice}": rename one`);
    look(header);
    return header;
  };
}

async function* readNdjson(path: string): AsyncIterable<NumberedRow> {
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line += 1;
    if (text.trim() !== '') yield { line, row: flatten(parseLine(path, line, text)) };
  }
}

function parseLine(path: string, line: number, text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw complaint(1, `${path}:${line}: is not a JSON object; NDJSON holds one object a line`);
}

/** {contact: {id: 1}} to "contact.id": "1", so that a map names cells of both forms alike. */
function flatten(object: object, prefix = ''): Row {
  const cells = Object.entries(object).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return Object.entries(flatten(value, `${prefix}${key}.`));
    return [[prefix + key, value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  return Object.fromEntries(cells);
}
