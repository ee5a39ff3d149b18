// JSON as strangers send it: parsed with words of our own (V8's quote the body, which holds addresses), and looked
// over for what must never reach the ledger: depth, width, names that reach into prototypes, text that Postgres
// cannot store. Looking over is iterative and stops early; a body of a million brackets costs nothing.

export interface Shape {
  /** Levels of objects and lists. */
  readonly depth: number;
  /** Fields and list elements together. */
  readonly keys: number;
  /** Characters in one text. */
  readonly text: number;
}

export interface Flaw {
  readonly path: string;
  readonly reason: string;
}

const poisoned = new Set(['__proto__', 'constructor', 'prototype']);

/** The value, or what is wrong and where, without a word of the body in it. */
export function parseJson(text: string): { readonly value: unknown } | { readonly wrong: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (position === undefined) return { wrong: 'The body is not JSON' };
    const before = text.slice(0, Number(position)).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { wrong: `The body is not JSON: look at line ${before.length}, column ${column}` };
  }
}

/** The first thing that may not be stored, or null. */
export function findFlaw(value: unknown, shape: Shape): Flaw | null {
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value, path: '', depth: 0 },
  ];
  let keys = 0;
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { path } = one;
    const reason = flawOfOne(one.value, one.depth, shape);
    if (reason !== null) return { path, reason };
    if (typeof one.value !== 'object' || one.value === null) continue;
    const entries = Object.entries(one.value);
    keys += entries.length;
    if (keys > shape.keys) return { path, reason: `there are more than ${shape.keys} fields in one event` };
    for (const [key, inner] of entries) {
      const there = path === '' ? key : `${path}.${key}`;
      if (poisoned.has(key)) return { path: there, reason: `a field may not be called ${key}` };
      if (!isStorable(key)) return { path, reason: `the name of a field ${unstorable}` };
      open.push({ value: inner, path: there, depth: one.depth + 1 });
    }
  }
  return null;
}

const unstorable = 'holds a character that no text has (NUL, or half of a surrogate pair)';

function flawOfOne(value: unknown, depth: number, shape: Shape): string | null {
  if (typeof value === 'string') {
    if (value.length > shape.text) return `the text is longer than ${shape.text} characters`;
    return isStorable(value) ? null : `the text ${unstorable}`;
  }
  // 1e999 is JSON, and Infinity to JavaScript.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'the number is too large';
  if (typeof value === 'object' && value !== null && depth >= shape.depth)
    return `it is nested deeper than ${shape.depth} levels`;
  return null;
}

/** Postgres refuses U+0000 in text and lone surrogates in jsonb. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
