// The map of an import: which column of a customer's export becomes which field, and when a deal reached which stage.
// A YAML file beside the export; its shape is strict, so that a misspelled key is an error and not a lost column.
import { z } from 'zod';
import { checkPattern } from './cells.ts';

/** A column's name; or more: a fixed value, spellings to mend, and what an empty cell becomes. */
const cell = z.union([
  z.string().min(1),
  z.strictObject({
    column: z.string().min(1).optional(),
    /** The same for every row. */
    value: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** Spellings to mend: as written, as meant. */
    rename: z.record(z.string(), z.string()).default({}),
    /** Where the cell is empty: a text in which {column} stands for another cell of the row. */
    otherwise: z.string().optional(),
    /** text (default), number, boolean or instant. */
    type: z.enum(['text', 'number', 'boolean', 'instant']).optional(),
  }),
]);

const stage = z.strictObject({
  stage: z.string().min(1),
  /** The column that holds the date. */
  at: z.string().min(1),
  /** Only for rows in which each of these columns holds (one of) these texts. */
  only_if: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).default({}),
});

const pattern = z.string().refine((text) => checkPattern(text) === null, {
  error: (issue) => `a date pattern ${checkPattern(String(issue.input))}`,
});

const common = {
  /** Part of every event's id: the same export under the same name is imported once. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and dashes'),
  dates: z
    .union([pattern, z.array(pattern).min(1)])
    .transform((one) => [one].flat())
    .default([]),
  timezone: z.string().default('UTC'),
  decimal: z.enum(['.', ',']).default('.'),
  /** The day of the export: stands in where a row has no date, and the row is listed for it. */
  as_of: z.string().optional(),
};
const fields = z.record(z.string(), cell);

/** By what is imported. */
export const importMaps = {
  deals: z.strictObject({
    import: z.literal('deals'),
    ...common,
    contact: fields,
    deal: fields,
    /** In the order in which a deal passes them. */
    stages: z.array(stage).min(1),
  }),
  contacts: z.strictObject({
    import: z.literal('contacts'),
    ...common,
    contact: fields,
    at: z.string().optional(),
  }),
  events: z.strictObject({
    import: z.literal('events'),
    ...common,
    id: cell,
    type: cell,
    at: z.string(),
    contact: fields,
    deal: fields.optional(),
    data: fields.default({}),
  }),
};
export const importMap = z.discriminatedUnion('import', [
  importMaps.deals,
  importMaps.contacts,
  importMaps.events,
]);

export type ImportMap = z.infer<typeof importMap>;
export type Cell = z.infer<typeof cell>;
export type StageRule = z.infer<typeof stage>;
