// Facts that a story gives, held against what facts.yaml declares: an unknown field, or a value of another kind, is told
// where it stands. Instants may be told from the start of the story (`day 90`, `now`); `null` is a fact not known.
import { parseInstant } from './calendar-zone.ts';
import type { Catalogue, FieldType, FieldTypes } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { PhraseScope } from './phrase-kind.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { Fields, Json, Reckoning } from './step.ts';
import { factOn, parseDay } from './story-day.ts';

/** What dates are reckoned from; `time` is null before the zone is known, and then they are left out. */
export interface Start {
  readonly startsAt: number;
  readonly time: Reckoning;
}

/** What a line of `when` is read against. */
export interface HappenScope extends PhraseScope {
  readonly start: Start | null;
}

/** The facts as conditions see them; what is wrong has been reported and is left out. */
export function readFacts(
  at: Located,
  owner: string,
  types: FieldTypes,
  start: Start | null,
  report: Report,
): Fields {
  if (at.keys.size === 0 && at.value !== null) {
    report('wrong-type', at, `\`${owner}\` is a mapping of facts`, `for example \`${owner}: { id: x }\``);
    return {};
  }
  const facts: { [field: string]: Json } = {};
  for (const [name, { key, value }] of at.keys) {
    const type = types[name] ?? types['*'];
    if (type === undefined) {
      const hint = suggest(name, Object.keys(types)) ?? 'declare it in facts.yaml';
      report('unknown-fact', key, `\`${owner}\` has no field \`${name}\``, hint);
    } else if (typeof type === 'object')
      facts[name] = readFacts(value, `${owner}.${name}`, type, start, report);
    else {
      const fact = readValue(value.value, type, start);
      if (fact === undefined) report('wrong-type', value, `\`${owner}.${name}\` is ${kinds[type]}`);
      else facts[name] = fact;
    }
  }
  return facts;
}

const kinds: { readonly [type in FieldType]: string } = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  instant: 'an instant: write 2026-03-01, 2026-03-01T10:00, day 90, day 3 10:00 or now',
};

/** undefined where it is of another kind. */
function readValue(value: unknown, type: FieldType, start: Start | null): Json | undefined {
  if (value === null) return null;
  if (type === 'instant') return readInstant(String(value), start);
  const expected = { text: 'string', number: 'number', boolean: 'boolean' }[type];
  return typeof value === expected ? (value as Json) : undefined;
}

function readInstant(text: string, start: Start | null): string | undefined {
  const day = text === 'now' ? null : parseDay(text);
  if (day === null && text !== 'now') return parseInstant(text, 'UTC') === null ? undefined : text;
  if (start === null) return text;
  return day === null ? new Date(start.startsAt).toISOString() : factOn(day, start.startsAt, start.time);
}

/** A value as it is written in a line (`becomes 80`, `to "risk"`), by the type of its fact. */
export function parseFact(
  path: string,
  text: string,
  catalogue: Catalogue,
  start: Start | null,
): { readonly value: Json } | { readonly code: string; readonly message: string; readonly hint?: string } {
  const parts = path.split('.');
  let types: FieldType | FieldTypes | undefined = catalogue.facts;
  for (const part of parts) {
    const known: FieldTypes = typeof types === 'object' ? types : {};
    types = known[part] ?? known['*'];
    if (types !== undefined) continue;
    const hint = suggest(part, Object.keys(known)) ?? 'declare it in facts.yaml';
    return { code: 'unknown-fact', message: `there is no fact \`${path}\``, hint };
  }
  if (typeof types !== 'string')
    return { code: 'unknown-fact', message: `\`${path}\` is a group of facts`, hint: 'name one of them' };
  const bare = text.replace(/^(["'])(.*)\1$/, '$2');
  const raw = types === 'number' ? Number(bare) : types === 'boolean' ? boolOf(bare) : bare;
  const value = bare === 'unknown' ? null : readValue(Number.isNaN(raw) ? undefined : raw, types, start);
  return value === undefined ? { code: 'wrong-type', message: `\`${path}\` is ${kinds[types]}` } : { value };
}

const boolOf = (text: string) => (text === 'true' ? true : text === 'false' ? false : undefined);
