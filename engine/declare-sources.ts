// sources/<name>.yaml: how the webhooks of another program (a CRM, a form builder) become events. Each is received at
// POST /v1/sources/<name>; its secret comes from the environment (SOURCE_SECRETS).
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { defineDeclaration, type Read } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import { placeAt, readMs } from './read-values.ts';
import { id, text } from './shapes.ts';
import type { Located, Place } from './source.ts';
import type { Scalar, Source, SourceEvent, ValueFrom } from './source-map.ts';
import { suggest } from './spelling.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false');
const from = z.union(
  [
    text,
    z.array(text).min(1),
    z.strictObject({ from: z.union([text, z.array(text).min(1)]), values: z.record(z.string(), scalar) }),
    z.strictObject({ is: scalar }),
  ],
  'must be a path, a list of paths, `{ from: path, values: { theirs: ours } }` or `{ is: value }`',
);
const fields = z.record(z.string(), z.union([from, z.record(z.string(), from)]));

const shape = z.strictObject({
  source: id('a name').describe('Its webhooks come to POST /v1/sources/<this name>.'),
  signature: z
    .strictObject({
      kind: z
        .enum(['hmac', 'standard-webhooks', 'token', 'basic'])
        .describe('HMAC-SHA256 over the body, Standard Webhooks, a secret in a header, or user:password.'),
      header: text.optional().describe('Where the digest or the token stands.'),
      encoding: z.enum(['hex', 'base64']).optional().describe('Of the digest; hex where it is not said.'),
      prefix: text.optional().describe('What stands before the digest: `sha256=`.'),
      timestamp: text.optional().describe('The header with the time, signed as `<time>.<body>`.'),
      max_age: text.optional().describe('How old a signed time may be; 5m where it is not said.'),
    })
    .describe('How a request proves who sent it.'),
  each: text.optional().describe('The path of a list in the body; without it the body is one event.'),
  events: z
    .array(
      z.strictObject({
        if: z.record(z.string(), scalar).optional().describe('Paths and the values that they must have.'),
        type: z
          .string()
          .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/, 'must be a type such as deal.stage_changed'),
        id: from.describe('What makes it this event and no other: the same id twice is one event.'),
        at: from.describe('When it happened: ISO 8601, or seconds or milliseconds since 1970.'),
        contact: fields.describe('`id` and fields of the contact.'),
        deal: fields.optional().describe('`id` and fields of the deal.'),
        data: fields.optional(),
      }),
    )
    .min(1, 'must map at least one event'),
});
type Written = z.output<typeof shape>;

export const sourcesDeclaration = defineDeclaration({
  file: 'sources/*.yaml',
  doc: {
    text: 'How another program’s webhooks become events, at `POST /v1/sources/<name>`. Its secret is `SOURCE_SECRETS="name=secret"`. Values are paths in the body; `values` translates their words into ours. A body that no `if` is true of is let pass. `hmac` and `standard-webhooks` prove the age too; the others cannot, and a repeated request is known by its id alone.',
    example:
      'source: pipedrive\nsignature: { kind: basic }\nevents:\n  - if: { meta.action: change, meta.entity: deal }\n    type: deal.stage_changed\n    id: [meta.entity_id, meta.timestamp]\n    at: meta.timestamp\n    contact: { id: data.person_id }\n    deal:\n      id: data.id\n      title: data.title\n      amount: data.value\n      pipeline: { is: sales }\n      stage: { from: data.stage_id, values: { 1: Qualification, 2: Presentation } }\n',
  },
  shape,
  read(files, catalogue, report) {
    const sources: Record<string, Source> = { ...catalogue.sources };
    for (const file of files) {
      const { source, root } = file;
      if (sources[source.source] !== undefined)
        report(
          'wrong-value',
          placeAt(root, 'source'),
          `another file is the source \`${source.source}\` already`,
        );
      sources[source.source] = toSource(file, catalogue, report);
    }
    return { ...catalogue, sources };
  },
});

function toSource({ source, root }: Read<Written>, catalogue: Catalogue, report: Report): Source {
  const { kind, header, encoding, prefix, timestamp, max_age } = source.signature;
  const at = placeAt(root, 'signature');
  if (header === undefined && (kind === 'hmac' || kind === 'token'))
    report(
      'missing-key',
      at,
      `\`${kind}\` needs the header in which it comes`,
      'write `header: x-signature`',
    );
  return {
    signature: {
      kind,
      header: (header ?? '').toLowerCase(),
      encoding: encoding ?? 'hex',
      prefix: prefix ?? '',
      timestamp: timestamp?.toLowerCase() ?? null,
      maxAgeMs: readMs(max_age ?? '5m', placeAt(at, 'max_age'), report),
    },
    each: source.each ?? null,
    events: source.events.map((event, i) =>
      toEvent(event, placeAt(root, 'events').items[i] ?? root, catalogue, report),
    ),
  };
}

function toEvent(
  event: Written['events'][number],
  at: Located,
  catalogue: Catalogue,
  report: Report,
): SourceEvent {
  for (const owner of ['contact', 'deal'] as const) {
    const place = placeAt(at, owner);
    for (const [field, { key }] of event[owner] === undefined ? [] : place.keys)
      checkField(owner, field, key, catalogue, report);
    if (event[owner] !== undefined && event[owner].id === undefined)
      report('missing-key', place, `\`${owner}\` needs an \`id\`: nobody can tell whose event it is`);
  }
  checkStages(placeAt(at, 'deal', 'stage'), catalogue, report);
  const groups = (['contact', 'deal', 'data'] as const).map((owner) => flatten(owner, event[owner] ?? {}));
  const fields = Object.assign({ id: toFrom(event.id), at: toFrom(event.at) }, ...groups);
  return { if: event.if ?? {}, type: event.type, fields };
}

/** `contact: { consent: { marketing: path } }` as `contact.consent.marketing`. */
function flatten(owner: string, written: { readonly [field: string]: From | Record<string, From> }) {
  const entries = Object.entries(written).flatMap(([field, one]): [string, ValueFrom][] =>
    isGroup(one)
      ? Object.entries(one).map(([inner, each]) => [`${owner}.${field}.${inner}`, toFrom(each)])
      : [[`${owner}.${field}`, toFrom(one)]],
  );
  return Object.fromEntries(entries);
}

function checkField(
  owner: 'contact' | 'deal',
  field: string,
  at: Place,
  { facts }: Catalogue,
  report: Report,
): void {
  const known = Object.keys(facts[owner]).filter(
    (name) => !['score', 'created_at', 'updated_at'].includes(name),
  );
  if (!known.includes(field))
    report('unknown-fact', at, `\`${owner}\` has no field \`${field}\``, suggest(field, known));
}

/** Stages that are written out; what comes as it is can only be judged when it comes. */
function checkStages(at: Located, { pipelines }: Catalogue, report: Report): void {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const written = [
    at.keys.get('is')?.value,
    ...[...(at.keys.get('values')?.value.keys.values() ?? [])].map(({ value }) => value),
  ];
  for (const one of written)
    if (one !== undefined && !stages.includes(String(one.value)))
      report(
        'unknown-stage',
        one,
        `no pipeline has the stage \`${one.value}\``,
        suggest(String(one.value), stages),
      );
}

type From = z.output<typeof from>;
const isGroup = (written: From | Record<string, From>): written is Record<string, From> =>
  typeof written === 'object' && !Array.isArray(written) && !('from' in written) && !('is' in written);

function toFrom(written: From): ValueFrom {
  if (typeof written === 'object' && !Array.isArray(written) && 'is' in written)
    return { is: written.is as Scalar };
  const isTable = typeof written === 'object' && !Array.isArray(written);
  const paths = isTable ? written.from : written;
  return { paths: [paths].flat(), values: isTable ? written.values : null };
}
