// What another program's webhook says, as events: pure, by the map of its sources/<name>.yaml. It only brings values to their
// places and words; whether the event is sound is judged where every event is judged. Breaks if a value were made up: what
// the body does not hold is left out, and what an event cannot do without is a flaw with its path.
import type { FieldTypes } from './catalogue.ts';
import type { Scalar, Source, SourceEvent, ValueFrom } from './source-map.ts';
import type { Fields, Json } from './step.ts';

export type Reading = { readonly event: Fields } | { readonly path: string; readonly reason: string };

/** An element that no `if` is true of is none of our business, and gives nothing. `name` begins the events' ids. */
export function readSourceEvents(
  name: string,
  source: Source,
  body: Json,
  facts: { readonly contact: FieldTypes; readonly deal: FieldTypes },
): Reading[] {
  const listed = source.each === null ? [body] : valueAt(body, source.each);
  if (!Array.isArray(listed)) return [{ path: source.each ?? '', reason: 'is no list in this body' }];
  return (listed as readonly Json[]).flatMap((element) =>
    source.events.filter((one) => isMeant(one, element)).map((one) => readOne(name, one, element, facts)),
  );
}

function isMeant({ if: wanted }: SourceEvent, element: Json): boolean {
  return Object.entries(wanted).every(([path, value]) => String(valueAt(element, path)) === String(value));
}

function readOne(
  name: string,
  { type, fields }: SourceEvent,
  element: Json,
  facts: { readonly contact: FieldTypes; readonly deal: FieldTypes },
): Reading {
  const event: { [key: string]: Json } = { type };
  for (const [target, from] of Object.entries(fields)) {
    const value = valueFrom(from, element);
    if (value === null) continue;
    if (value === undefined) return { path: target, reason: tellUnknown(from, element) };
    place(event, target.split('.'), toFact(target, value, facts));
  }
  if (event.id === undefined) return { path: 'id', reason: 'is missing: nothing in this body gives it' };
  return { event: { ...event, id: `${name}:${event.id}` } };
}

/** null: the body does not hold it; undefined: it does, and the table of words has no entry for it. */
function valueFrom(from: ValueFrom, element: Json): Scalar | null | undefined {
  if ('is' in from) return from.is;
  const found = from.paths.map((path) => valueAt(element, path));
  const parts = found.filter((one): one is Scalar => one !== null && typeof one !== 'object');
  if (parts.length < found.length) return null;
  const value = parts.length === 1 ? (parts[0] as Scalar) : parts.join('-');
  if (from.values === null) return value;
  return Object.hasOwn(from.values, String(value)) ? from.values[String(value)] : undefined;
}

function tellUnknown(from: ValueFrom, element: Json): string {
  const value = 'is' in from ? from.is : from.paths.map((path) => valueAt(element, path)).join('-');
  return `has no entry for ${JSON.stringify(String(value).slice(0, 40))} under \`values\``;
}

/** By a name that is there as it stands (`data[FIELDS][ID]` of a form), or step by step through objects and lists. */
function valueAt(body: Json, path: string): Json {
  if (isObject(body) && Object.hasOwn(body, path)) return body[path] ?? null;
  let at: Json = body;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return null;
    at = (at as { readonly [key: string]: Json })[part] ?? null;
  }
  return at;
}

const isObject = (value: Json): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const secondsUntil = 1e11;

/** Ids are text here, however numbers travel there; instants may come as seconds or milliseconds since 1970. */
function toFact(
  target: string,
  value: Scalar,
  facts: { readonly contact: FieldTypes; readonly deal: FieldTypes },
): Scalar {
  const [owner = '', field = ''] = target.split('.');
  const type = owner === 'contact' || owner === 'deal' ? facts[owner][field] : undefined;
  if (target === 'id') return String(value);
  if (target === 'at' || type === 'instant') return typeof value === 'number' ? toIso(value) : value;
  if (type === 'text') return String(value);
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  return value;
}

function toIso(number: number): string | number {
  const at = number < secondsUntil ? number * 1000 : number;
  return Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : number;
}

function place(event: { [key: string]: Json }, [head = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) event[head] = value;
  else {
    const inner = { ...(event[head] as { [key: string]: Json } | undefined) };
    place(inner, rest, value);
    event[head] = inner;
  }
}
