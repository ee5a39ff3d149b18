// Definitions as files: the only place that reads workflows/ and templates/ from disk. Order is by path, so that
// every machine compiles, complains and hashes alike.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complaint } from './streams.ts';

export interface TextFile {
  /** As a person would type it: relative to where they stand. */
  readonly path: string;
  readonly text: string;
}

/** All files below the folder with one of the endings; hidden ones are left out. */
export function readFolder(folder: string, endings: readonly string[]): TextFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map(readText);
}

/** A file as it is named, or all of a folder that has one of the endings. */
export function readNamed(path: string, endings: readonly string[]): TextFile[] {
  if (!existsSync(path)) throw complaint(2, `There is no file ${path}.`);
  return statSync(path).isDirectory() ? readFolder(path, endings) : [readText(path)];
}

export function readText(path: string): TextFile {
  return { path: shown(path), text: readFileSync(path, 'utf8') };
}

/**
 * The folder as given; the default one falls back to what is shipped with the program, so that `npx voronka demo`
 * works in an empty folder.
 */
export function findFolder(folder: string, shippedAs: 'workflows' | 'templates'): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  const shipped = shippedFolder(shippedAs);
  if (folder === shippedAs && existsSync(shipped)) return shipped;
  throw complaint(
    2,
    `There is no folder ${folder}: name another with --${shippedAs} or VORONKA_${shippedAs.toUpperCase()}.`,
  );
}

/** The folder as given, for a command that writes: what is shipped with the program is nobody's to change. */
export function findOwnFolder(folder: string, shippedAs: 'workflows' | 'templates'): string {
  const found = findFolder(folder, shippedAs);
  if (found !== shippedFolder(shippedAs)) return found;
  throw complaint(2, `There is no folder ${folder}: name another with --${shippedAs}.`);
}

export function shippedFolder(name: 'workflows' | 'templates'): string {
  return join(rootOfPackage(), name);
}

/** Two floors up from dist/cli, or one from cli. */
function rootOfPackage(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
