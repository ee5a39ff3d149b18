// The rows that were refused, and those that are untidy, as files: a line each, with its reason. What is refused keeps its
// columns, so that it can be mended there and imported again. A file is made only when there is something to say.
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { toCsv } from '../csv.ts';
import type { Note, Row } from './row.ts';

export interface List {
  add(line: number, notes: readonly Note[], row: Row): void;
  close(): Promise<void>;
}

/** `path` undefined: nobody wants it. NDJSON where it is named so, else CSV; `isWhole` adds the row's own columns. */
export function openList(path: string | undefined, isWhole: boolean): List {
  if (path === undefined) return { add: () => undefined, close: async () => undefined };
  const isCsv = !/\.(ndjson|jsonl)$/i.test(path);
  const file = createWriteStream(path);
  let header: readonly string[] | null = null;
  const add: List['add'] = (line, notes, row) => {
    if (!isCsv) {
      file.write(
        `${JSON.stringify({ import_line: line, import_reasons: notes, ...(isWhole ? row : {}) })}\n`,
      );
      return;
    }
    if (header === null) {
      header = isWhole ? Object.keys(row) : [];
      file.write(toCsv([['import_line', 'import_reasons', ...header]]));
    }
    const reasons = notes.map(({ column, reason }) => `${column}: ${reason}`).join('; ');
    file.write(toCsv([[line, reasons, ...header.map((column) => row[column] ?? '')]]));
  };
  return { add, close: () => closeFile(file) };
}

async function closeFile(file: WriteStream): Promise<void> {
  file.end();
  await finished(file);
}
