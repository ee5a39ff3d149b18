// How scores.yaml is written: fit, engagement, grades and thresholds as an author gives them.
import { z } from 'zod';
import { id, text } from './shapes.ts';

const points = z
  .number('must be a number of points')
  .min(-1_000, 'must be -1000 or more')
  .max(1_000, 'must be 1000 or less');
const cap = z.number('must be a number of points').positive('must be more than 0');
const halfLife = text.describe('After this, half of the points are left; `never`: all of them, always.');

const fitRule = z.strictObject({
  id: id('a rule'),
  if: z.unknown().describe('A condition over the facts of the contact and of its leading deal.'),
  points,
});
const eventRule = z.strictObject({
  id: id('a rule'),
  when: text.describe('An event, as in `enter: when`.'),
  points,
  cap: cap.optional().describe('The most that this rule’s points can stand at.'),
  half_life: halfLife.optional(),
});
const given = z.strictObject({ cap: cap.optional(), half_life: halfLife.optional() });
const firstTwo = (first: string, second: string) =>
  z.strictObject({ [first]: z.number(), [second]: z.number() });

export const scoresShape = z.strictObject({
  fit: z.array(fitRule).default([]).describe('Points for what a contact is: BANT and whatever fields.'),
  engagement: z
    .strictObject({
      half_life: halfLife.describe('Of every rule that says no other.'),
      rules: z.array(eventRule).default([]),
      given: given.optional().describe('Points that `score` steps give: their cap and half-life.'),
    })
    .optional()
    .describe('Points for what a person does; machines earn none.'),
  grades: z
    .strictObject({ fit: firstTwo('A', 'B'), engagement: firstTwo('1', '2') })
    .optional()
    .describe('From which value each grade begins: A, B, else C; 1, 2, else 3.'),
  thresholds: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'is a name: a letter, then letters, digits, _ and -'),
      z.strictObject({ score: z.enum(['fit', 'engagement', 'total']), at: z.number() }),
    )
    .default({})
    .describe('Names for levels: `MQL: { score: total, at: 60 }`.'),
});

export type ScoresSource = z.output<typeof scoresShape>;
