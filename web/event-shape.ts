// What an event may look like, as zod shapes made from the declared facts: built-in fields and those of facts.yaml
// side by side, and nothing else. Messages finish the sentence "<path> ...". Made once per set of declarations.
import { z } from 'zod';
import type { Catalogue, FieldType, FieldTypes } from '../engine/catalogue.ts';
import { builtInFacts } from '../engine/facts.ts';
import { isAddress } from '../mail/addresses.ts';
import { findLocaleFlaw, findZoneFlaw } from './places.ts';

const needs = (what: string) => ({
  error: (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is missing: it needs ${what}` : `must be ${what}`,
});
const text = (most: number, what = 'text') =>
  z.string(needs(what)).max(most, `is longer than ${most} characters`);
const id = (example: string) =>
  text(200, `text of your own, for example "${example}"`).regex(
    /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/,
    'must be one line of printable ASCII, without spaces at its ends',
  );

/** RFC 3339: a date, a time and an offset. */
const instant = z
  .string(needs('an instant such as "2026-11-23T10:00:00Z"'))
  .refine(
    (value) => instantForm.test(value) && isDate(value),
    'is not an instant: write it as "2026-11-23T10:00:00Z" or with an offset, "2026-11-23T13:00:00+03:00"',
  );
const instantForm = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/;
/** A fact may also be a day: a renewal has no hour. */
const day = z
  .string(needs('a day or an instant'))
  .refine(
    (value) =>
      /^\d{4}-\d\d-\d\d$/.test(value.slice(0, 10)) &&
      (value.length === 10 || instantForm.test(value)) &&
      isDate(value),
    'is neither a day nor an instant: write it as "2027-03-01" or "2027-03-01T10:00:00Z"',
  );

/** Date.parse takes the 30th of February for the 2nd of March; a sender who wrote that did not mean March. */
function isDate(value: string): boolean {
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  return !Number.isNaN(Date.parse(value)) && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const custom: { readonly [type in FieldType]: z.ZodType } = {
  text: text(10_000).nullable(),
  number: z.number(needs('a number')).nullable(),
  boolean: z.boolean(needs('true or false')).nullable(),
  instant: day.nullable(),
};

/** The declared fields beside the built-in ones. Groups (scores) are ours to fill. */
function customOf(types: FieldTypes, builtIn: FieldTypes): { [field: string]: z.ZodType } {
  return Object.fromEntries(
    Object.entries(types).flatMap(([field, type]) =>
      typeof type === 'string' && !(field in builtIn) ? [[field, custom[type].optional()]] : [],
    ),
  );
}

const name = text(200).nullable().optional();
const flawless = (find: (value: string) => string | null) =>
  z
    .string(needs('text'))
    .max(100, 'is longer than 100 characters')
    .superRefine((value, context) => {
      const flaw = find(value);
      if (flaw !== null) context.addIssue({ code: 'custom', message: flaw });
    })
    .nullable()
    .optional();

const contactOf = (types: FieldTypes) =>
  z.strictObject(
    {
      ...customOf(types, builtInFacts.contact),
      id: id('c-17'),
      email: text(254)
        .refine(isAddress, 'is not a mail address: write it as "anna@acme.example"')
        .nullable()
        .optional(),
      first_name: name,
      last_name: name,
      company: name,
      locale: flawless(findLocaleFlaw),
      timezone: flawless(findZoneFlaw),
      consent: z
        .record(
          z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'is not the name of a topic'),
          z.boolean(needs('true or false')),
          needs('topics with true or false, for example {"marketing": true}'),
        )
        .optional(),
      consent_proof: z
        .strictObject(
          {
            how: text(100).optional(),
            text: text(2_000).optional(),
            place: text(1_000).optional(),
            agent: text(500).optional(),
            confirmed: z.boolean(needs('true or false')).optional(),
          },
          needs('how the consent was given, for example {"how": "sign-up form", "text": "I agree ..."}'),
        )
        .optional(),
    },
    needs('the contact it happened to, for example {"id": "c-17"}'),
  );

const dealOf = (types: FieldTypes) =>
  z.strictObject(
    {
      ...customOf(types, builtInFacts.deal),
      id: id('d-1042'),
      pipeline: text(100).optional(),
      stage: text(100).optional(),
      title: name,
      amount: z
        .number(needs('a number'))
        .min(-1e12, 'is below -1,000,000,000,000')
        .max(1e12, 'is above 1,000,000,000,000')
        .nullable()
        .optional(),
      currency: z
        .string(needs('a currency'))
        .regex(/^[A-Z]{3}$/, 'is not a currency: write its three letters, for example "EUR"')
        .nullable()
        .optional(),
      owner: name,
    },
    needs('an object with at least an id, for example {"id": "d-1042"}'),
  );

function makeShape(facts: Catalogue['facts']) {
  return z
    .strictObject(
      {
        id: id('crm-1042-7'),
        type: text(64).regex(
          /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/,
          'is not of the form of a type: lower-case words joined by dots, for example "deal.stage_changed"',
        ),
        at: instant.transform((value) => Date.parse(value)),
        contact: contactOf(facts.contact),
        deal: dealOf(facts.deal).optional(),
        data: z.record(z.string(), z.unknown(), needs('an object')).optional(),
      },
      needs('an object with id, type, at and contact'),
    )
    .superRefine((event, context) => {
      if (event.type === 'deal.stage_changed' && event.deal?.stage === undefined)
        context.addIssue({
          code: 'custom',
          path: event.deal === undefined ? ['deal'] : ['deal', 'stage'],
          message: 'is missing: a stage change needs its deal and the stage that it came to',
        });
    });
}

export type EventShape = ReturnType<typeof makeShape>;

const shapes = new WeakMap<Catalogue['facts'], EventShape>();

export function shapeOf(facts: Catalogue['facts']): EventShape {
  const known = shapes.get(facts);
  if (known !== undefined) return known;
  const made = makeShape(facts);
  shapes.set(facts, made);
  return made;
}
