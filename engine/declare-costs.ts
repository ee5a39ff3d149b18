// costs.yaml: what leads cost, by month and by where they came from, for `report costs`. A month is when a deal began.
import { z } from 'zod';
import { type Catalogue, type Costs, emptyCatalogue } from './catalogue.ts';
import { defineDeclaration } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import { placeAt } from './read-values.ts';
import { text } from './shapes.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';

const amount = z.number('must be a number: what was paid').min(0, 'cannot be less than 0');

export const costsDeclaration = defineDeclaration({
  file: 'costs.yaml',
  isOwn: true,
  doc: {
    text: 'What leads cost, by month and source, for `voronka report costs`. A source is a value of the field that `by` names. A source that cost nothing in a month is 0; one that is not there is not known, and its leads are left out. `qualified` is the stage from which on a lead counts as qualified.',
    example:
      'by: contact.source\nqualified: Offer\ncurrency: EUR\nmonths:\n  2026-01: { ads: 5000, fair: 900, referral: 0 }\n  2026-02: { ads: 4200, referral: 0 }\n',
  },
  shape: z.strictObject({
    by: z
      .string()
      .regex(/^(contact|deal)\.[a-z][a-z0-9_]*$/, 'must be a field: `contact.source`')
      .default('contact.source')
      .describe('The field that says where a lead came from.'),
    qualified: text.optional().describe('The stage from which on a lead counts as qualified.'),
    currency: text.optional().describe('Of the amounts; value won is set against them only in the same one.'),
    months: z
      .record(
        z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month: `2026-01`'),
        z.record(text, amount),
      )
      .describe('By month and source, what was paid.'),
  }),
  read(files, catalogue, report) {
    let costs: Costs | null = null;
    for (const { source, root } of files) {
      checkField(source.by, placeAt(root, 'by'), catalogue, report);
      if (source.qualified !== undefined)
        checkStage(source.qualified, placeAt(root, 'qualified'), catalogue, report);
      const { by, months } = source;
      costs = { by, months, qualified: source.qualified ?? null, currency: source.currency ?? null };
    }
    return { ...catalogue, costs: costs ?? emptyCatalogue.costs };
  },
});

function checkField(by: string, at: Located, { facts }: Catalogue, report: Report): void {
  const known = (['contact', 'deal'] as const).flatMap((owner) =>
    Object.entries(facts[owner]).flatMap(([name, type]) => (type === 'text' ? [`${owner}.${name}`] : [])),
  );
  if (!known.includes(by))
    report(
      'unknown-fact',
      at,
      `there is no text field \`${by}\``,
      suggest(by, known) ?? 'declare it in facts.yaml',
    );
}

function checkStage(stage: string, at: Located, { pipelines }: Catalogue, report: Report): void {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  if (!stages.includes(stage))
    report('unknown-stage', at, `no pipeline has a stage "${stage}"`, suggest(stage, stages));
}
