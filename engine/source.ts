// YAML text to a tree in which every value knows its line and column, or every reason why not. Only a plain subset is
// read: one document of at most 256 KB, unique text keys, no anchors, aliases, tags or merge keys, and none of the
// names that would reach into a JavaScript prototype. A library upgrade that changes node ranges would move carets.
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Pair, parseDocument } from 'yaml';

const maxSourceBytes = 256 * 1024;
const maxDepth = 40;
/** A file of 256 KB that a person wrote has half as many; 250,000 quotes or brackets have more, and take seconds. */
const maxTokens = 100_000;
const maxSyntaxErrors = 20;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Lines and columns count from 1; `length` is how much of that line a caret underlines. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A value and where it stands. Mappings have `keys`, lists have `items`, scalars have `raw` (their source text). */
export interface Located extends Place {
  readonly value: unknown;
  readonly keys: ReadonlyMap<string, Entry>;
  readonly items: readonly Located[];
  readonly raw: string;
}

interface Entry {
  readonly key: Place;
  readonly value: Located;
}

/** Something the reader refuses. `code` is one of the table in codes.ts. */
interface Refusal {
  readonly code: string;
  readonly place: Place;
  readonly message: string;
  readonly hint?: string;
}

export interface Source {
  /** null where the text could not be read as one tree. */
  readonly root: Located | null;
  readonly refusals: readonly Refusal[];
}

export interface SourceFile {
  /** As diagnostics shall name it, for example `workflows/welcome.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** Of every scalar the same: a map of its own for each is most of a tree's memory. */
const noKeys: ReadonlyMap<string, Entry> = new Map();
const noItems: readonly Located[] = Object.freeze([]);

/** What the walk carries along. */
interface Walk {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly refusals: Refusal[];
}

export function readSource({ path, text }: SourceFile): Source {
  const lines = new LineCounter();
  const walk: Walk = { file: path, text, lines, refusals: [] };
  if (text.length > maxSourceBytes) {
    const size = `${Math.ceil(text.length / 1024)} KB; a file may have ${maxSourceBytes / 1024} KB`;
    refuse(walk, 'too-large', placeAt(walk, 0, 0), `this file has ${size}`, 'split it into several files');
    return { root: null, refusals: walk.refusals };
  }
  if (hasTooManyTokens(text)) {
    refuse(
      walk,
      'too-large',
      placeAt(walk, 0, 0),
      'this file has too many parts',
      'split it into several files',
    );
    return { root: null, refusals: walk.refusals };
  }
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    // Looked for while walking the tree: the library compares every key with every other.
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  if (document.directives.yaml.explicit)
    refuse(walk, 'yaml-syntax', placeAt(walk, 0, 1), 'directives are not read; files are YAML 1.2');
  for (const error of document.errors.slice(0, maxSyntaxErrors)) {
    if (error.code === 'RESOURCE_EXHAUSTION') {
      walk.refusals.splice(0);
      refuse(walk, 'yaml-syntax', placeAt(walk, error.pos[0], error.pos[0] + 1), 'this is nested too deep');
      return { root: null, refusals: walk.refusals };
    }
    refuse(
      walk,
      'yaml-syntax',
      placeAt(walk, error.pos[0], error.pos[1]),
      syntaxWords(error.code, error.message),
    );
  }
  if (document.errors.length > 0) return { root: null, refusals: walk.refusals };
  return { root: locate(walk, document.contents, 0, 0), refusals: walk.refusals };
}

function hasTooManyTokens(text: string): boolean {
  if (text.length <= maxTokens) return false;
  let count = 0;
  for (const _ of new Lexer().lex(text)) if (++count > maxTokens) return true;
  return false;
}

/** The place of the character at `offset` of a scalar's value, found again in its quotes, folds and escapes. */
export function placeWithin(scalar: Located, offset: number, length = 1): Place {
  const value = String(scalar.value);
  const { raw } = scalar;
  let [line, column] = [scalar.line, scalar.column];
  for (let at = 0, i = 0; at < raw.length; ) {
    const escaped = raw[0] === '"' ? escapeAt(raw, at) : 0;
    // A header of a block scalar, a quote or an indent stands in the source and not in the value.
    const same = raw[at] === value[i] || (/\s/.test(value[i] ?? '') && /\s/.test(raw[at] ?? ''));
    if (escaped > 0 || (same && isBody(raw, at))) {
      if (i >= offset) break;
      i++;
    }
    const width = Math.max(1, escaped);
    if (raw[at] === '\n') [line, column] = [line + 1, 1];
    else column += width;
    at += width;
  }
  return { file: scalar.file, line, column, length: Math.max(1, length) };
}

/** The place of a word inside a scalar; all of the scalar where it is not there. */
export function placeOfWord(scalar: Located, word: string): Located {
  const at = String(scalar.value).indexOf(word);
  return at < 0 || word === '' ? scalar : { ...scalar, ...placeWithin(scalar, at, word.length) };
}

/** How many characters of the source an escape takes; 0 where there is none. */
function escapeAt(raw: string, at: number): number {
  if (raw[at] !== '\\') return 0;
  return { x: 4, u: 6, U: 10 }[raw[at + 1] ?? ''] ?? 2;
}

/** False inside the header line of a block scalar (`|-`, `>`), which is no part of its value. */
function isBody(raw: string, at: number): boolean {
  if (raw[0] !== '|' && raw[0] !== '>') return true;
  return at > raw.indexOf('\n');
}

function locate(walk: Walk, node: unknown, offset: number, depth: number): Located {
  const [start, end] = rangeOf(node) ?? [offset, offset];
  const place = placeAt(walk, start, end);
  const { file, line, column, length } = place;
  const raw = walk.text.slice(start, end);
  const leaf = { file, line, column, length, keys: noKeys, items: noItems, raw };
  if (depth > maxDepth) {
    refuse(walk, 'yaml-syntax', place, 'this is nested too deep');
    return { ...leaf, value: null };
  }
  refuseUnwanted(walk, node, place);
  if (isMap(node)) return locateMap(walk, node.items, leaf, depth);
  if (isSeq(node)) {
    const items = node.items.map((child) => locate(walk, child, start, depth + 1));
    return { ...leaf, items, value: items.map((child) => child.value) };
  }
  const value = isScalar(node) ? node.value : null;
  // Written out, without a spread: this is most of a tree.
  return { file, line, column, length, keys: noKeys, items: noItems, raw, value };
}

function locateMap(walk: Walk, pairs: readonly Pair[], leaf: Omit<Located, 'value'>, depth: number): Located {
  const keys = new Map<string, Entry>();
  const value: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [start, end] = rangeOf(pair.key) ?? [0, 1];
    const key = placeAt(walk, start, end);
    refuseUnwanted(walk, pair.key, key);
    const name = isScalar(pair.key) ? String(pair.key.value) : null;
    if (name === null || forbiddenKeys.has(name)) {
      refuse(
        walk,
        'forbidden-key',
        key,
        name === null ? 'a key must be text' : `\`${name}\` may not be a key`,
      );
      continue;
    }
    if (keys.has(name)) refuse(walk, 'duplicate-key', key, `\`${name}\` stands here a second time`);
    const child = locate(walk, pair.value, end, depth + 1);
    keys.set(name, { key, value: child });
    value[name] = child.value;
  }
  return { ...leaf, keys, value };
}

function refuseUnwanted(walk: Walk, node: unknown, place: Place): void {
  const hint = 'write the value out where it is used';
  if (isAlias(node)) refuse(walk, 'yaml-alias', place, 'aliases (*name) are not read', hint);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return;
  if (node.anchor) refuse(walk, 'yaml-alias', place, `anchors (&${node.anchor}) are not read`, hint);
  if (node.tag)
    refuse(
      walk,
      'yaml-syntax',
      place,
      `tags (${node.tag}) are not read`,
      'put a text that begins with ! into quotes',
    );
}

function rangeOf(node: unknown): readonly [number, number] | null {
  const range = (node as { range?: readonly number[] } | null)?.range;
  return range && range[0] !== undefined && range[1] !== undefined ? [range[0], range[1]] : null;
}

function placeAt(walk: Walk, start: number, end: number): Place {
  const { line, col } = walk.lines.linePos(start);
  const newline = walk.text.indexOf('\n', start);
  const stop = Math.min(end, newline < 0 ? walk.text.length : newline);
  return {
    file: walk.file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    length: Math.max(1, stop - start),
  };
}

function refuse(walk: Walk, code: string, place: Place, message: string, hint?: string): void {
  walk.refusals.push({ code, place, message, ...(hint === undefined ? {} : { hint }) });
}

function syntaxWords(code: string, message: string): string {
  const words: { readonly [code: string]: string } = {
    MULTIPLE_DOCS: 'a file holds one document; what follows `---` needs a file of its own',
    TAB_AS_INDENT: 'a tab cannot indent; use spaces',
    BAD_INDENT: 'this line is indented differently from its neighbours, or a bracket is open',
    BLOCK_AS_IMPLICIT_KEY: 'a second `: ` on one line; put the text into quotes',
  };
  return words[code] ?? message.charAt(0).toLowerCase() + message.slice(1);
}
