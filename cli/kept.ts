// What came of templates, kept in the data folder between two runs of lint: by their content and that of the program's
// mail room, so that it can be thrown away at any time and is never stale. One file for each templates folder, holding what the last run used. Where the disk
// cannot be written, nothing is kept, and lint takes as long as it takes. What is sent is never taken from here.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Kept } from '../mail/library.ts';

interface KeptFile extends Kept {
  /** Writes what this run used, where it used anything new. */
  save(): void;
}

export function openKept(home: string, templatesFolder: string): KeptFile {
  const folder = join(home, 'cache');
  const name = createHash('sha256').update(resolve(templatesFolder)).digest('hex').slice(0, 16);
  const file = join(folder, `mjml-${name}.json`);
  const print = printOfProgram();
  const known = read(file, print);
  const used = new Map<string, string>();
  return {
    get(key) {
      const value = known.get(key);
      if (value !== undefined) used.set(key, value);
      return value;
    },
    set: (key, value) => used.set(key, value),
    save() {
      if (used.size === known.size && [...used.keys()].every((key) => known.has(key))) return;
      orNothing(() => {
        mkdirSync(folder, { recursive: true });
        const own = `${file}.${process.pid}`;
        writeFileSync(own, JSON.stringify({ print, kept: [...used] }));
        renameSync(own, file);
      });
    },
  };
}

function read(file: string, print: string): Map<string, string> {
  const found = orNothing(() => JSON.parse(readFileSync(file, 'utf8')));
  const isOurs = found?.print === print && Array.isArray(found.kept);
  return new Map<string, string>(isOurs ? found.kept : []);
}

/** Another program may find other mistakes: its mail room by size and time, and the libraries by version. */
function printOfProgram(): string {
  const room = join(import.meta.dirname, '..', 'mail');
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).sort();
  const stats = files.map((file) => statSync(join(room, file))).map(({ size, mtimeMs }) => [size, mtimeMs]);
  const require = createRequire(import.meta.url);
  const versions = ['mjml', 'liquidjs', 'html-to-text'].map(
    (name) => require(`${name}/package.json`).version,
  );
  return createHash('sha256')
    .update(JSON.stringify([files, stats, versions]))
    .digest('hex');
}

/** The disk's refusals and a file that was cut off mean: nothing is kept. Anything else is ours. */
function orNothing<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    const isOfDisk = error instanceof SyntaxError || (error instanceof Error && 'code' in error);
    if (isOfDisk) return null;
    throw error;
  }
}
