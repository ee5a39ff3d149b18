// Holds a located value against a zod schema and reports every issue at its place, in an author's words. Schemas give
// their own words where the general ones would not help: `z.string().regex(re, 'must be ...')`.
import type { z } from 'zod';
import type { Report } from './diagnostic.ts';
import type { Located, Place } from './source.ts';
import { closest, suggest } from './spelling.ts';

/** A value of the right shape, and the place of what is left of it. */
export interface Checked<T> {
  readonly source: T;
  readonly at: Located;
}

/**
 * Reports every issue, and answers the value without what was wrong in it, so that one mistake hides no other; null
 * where nothing is left to look at. Whatever is answered after a report must not be acted on.
 */
export function checkShape<S extends z.ZodType>(
  schema: S,
  at: Located,
  report: Report,
): Checked<z.output<S>> | null {
  const first = schema.safeParse(at.value);
  if (first.success) return { source: first.data, at };
  const meant = first.error.issues.flatMap((issue) => misspelled(issue, schema));
  for (const issue of first.error.issues) reportIssue(issue, { schema, root: at, report, meant });
  let left: Located | null = at;
  let { issues } = first.error;
  while (left !== null) {
    for (const path of pathsToLeaveOut(issues, at)) left = left && without(left, path);
    if (left === null) return null;
    const again = schema.safeParse(left.value);
    if (again.success) return { source: again.data, at: left };
    issues = again.error.issues;
    at = left;
  }
  return null;
}

/** Last first, so that leaving out an item of a list moves none that is still to come; and none inside another. */
function pathsToLeaveOut(issues: readonly z.core.$ZodIssue[], root: Located): string[][] {
  const all = issues.flatMap((issue) => faultyPaths(issue, root)).reverse();
  const isInside = (path: string[], other: string[]) =>
    other.length < path.length && other.every((part, i) => part === path[i]);
  const outer = all.filter((path) => !all.some((other) => isInside(path, other)));
  return outer.filter((path, i) => outer.findIndex((other) => other.join('.') === path.join('.')) === i);
}

/** What to leave out for this issue: unknown keys, wrong values, and mappings that lack what they need. */
function faultyPaths(issue: z.core.$ZodIssue, root: Located): string[][] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  return [descend(root, path).missing === null ? path : path.slice(0, -1)];
}

/** A copy without the value at the path; null where that is all of it. Of a list, the items after it keep their places. */
function without(at: Located, [head, ...rest]: readonly string[]): Located | null {
  if (head === undefined) return null;
  if (at.items.length > 0) {
    const items = at.items.flatMap((item, i) => (String(i) === head ? (without(item, rest) ?? []) : item));
    return { ...at, items, value: items.map((item) => item.value) };
  }
  const keys = new Map(at.keys);
  const entry = keys.get(head);
  const value = entry && without(entry.value, rest);
  if (entry && value) keys.set(head, { ...entry, value });
  else keys.delete(head);
  return { ...at, keys, value: Object.fromEntries([...keys].map(([key, each]) => [key, each.value.value])) };
}

interface Reporting {
  readonly schema: z.ZodType;
  readonly root: Located;
  readonly report: Report;
  /** Keys that an unknown one was taken for, so that they are not told to be missing as well. */
  readonly meant: readonly string[];
}

function reportIssue(issue: z.core.$ZodIssue, { schema, root, report, meant }: Reporting): void {
  const path = issue.path.map(String);
  const { at, missing } = descend(root, path);
  const name = path.at(-1) ?? 'this';
  if (missing !== null) {
    if (!meant.includes(path.join('.'))) report('missing-key', at, `\`${missing}:\` is missing here`);
    return;
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    for (const key of issue.keys)
      report(
        'unknown-key',
        at.keys.get(key)?.key ?? at,
        `\`${key}\` means nothing here`,
        suggest(key, known),
      );
    return;
  }
  if (issue.code === 'invalid_type') {
    const message = `\`${name}\` must be ${kindWords[issue.expected] ?? issue.expected}, not ${kindOf(at)}`;
    report('wrong-type', at, message);
    return;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const hint = suggest(String(at.value), values);
    report('wrong-value', at, `\`${name}\` must be one of: ${values.join(', ')}`, hint);
    return;
  }
  const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  const place = inner === undefined ? at : placeOfKey(descend(root, path.slice(0, -1)).at, name);
  report('wrong-value', place, `\`${name}\` ${lowerFirst(inner ?? issue.message)}`);
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The known keys, by path, that unknown ones look like. */
function misspelled(issue: z.core.$ZodIssue, schema: z.ZodType): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const path = issue.path.map(String);
  const known = keysAt(schema, path);
  return issue.keys.flatMap((key) => closest(key, known) ?? []).map((key) => [...path, key].join('.'));
}

/** The value at the path; where a key on the way is not there, the mapping that lacks it. */
function descend(root: Located, path: readonly string[]): { at: Located; missing: string | null } {
  let at = root;
  for (const part of path) {
    const next: Located | undefined = at.keys.get(part)?.value ?? at.items[Number(part)];
    if (next === undefined) return { at, missing: part };
    at = next;
  }
  return { at, missing: null };
}

/** The keys that a strict object knows, found by walking the schema along the path. */
function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  let found: unknown = schema;
  for (const part of path) {
    const bare = unwrap(found);
    found = bare.shape?.[part] ?? bare.element ?? bare.def?.valueType;
  }
  return Object.keys(unwrap(found).shape ?? {});
}

interface Bare {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly def?: { readonly innerType?: unknown; readonly valueType?: unknown };
}

function unwrap(schema: unknown): Bare {
  let bare = (schema ?? {}) as Bare;
  while (bare.def?.innerType !== undefined) bare = bare.def.innerType as Bare;
  return bare;
}

const kindWords: { readonly [expected: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function kindOf(at: Located): string {
  if (at.value === null) return 'empty';
  if (Array.isArray(at.value)) return 'a list';
  return (
    { string: 'text', number: 'a number', boolean: 'true or false' }[typeof at.value as string] ?? 'a mapping'
  );
}

/** Where a key is written, or its mapping where it is not. */
function placeOfKey(at: Located, key: string): Place {
  return at.keys.get(key)?.key ?? at;
}
