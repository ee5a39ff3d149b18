// facts.yaml: the fields of contact and deal beyond the built-in ones, with their types. A field that is known only
// once the deal is decided is marked `after_outcome`, so that no score or condition can look into the future.
import { z } from 'zod';
import type { FieldTypes } from './catalogue.ts';
import { defineDeclaration } from './declaration.ts';
import { builtInFacts } from './facts.ts';

const type = z.enum(['text', 'number', 'boolean', 'instant']);
const field = z.union(
  [type, z.strictObject({ type, after_outcome: z.boolean().optional() })],
  'must be text, number, boolean or instant, or `{ type: ..., after_outcome: true }`',
);
const fields = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]*$/, 'is a field: lower-case letters, digits and underscores'),
    field,
  )
  .default({});

export const factsDeclaration = defineDeclaration({
  file: 'facts.yaml',
  doc: {
    text: 'Fields of your own, beside the built-in ones. Conditions and templates are checked against them.',
    example: 'contact:\n  employees: number\ndeal:\n  loss_reason: { type: text, after_outcome: true }\n',
  },
  shape: z.strictObject({ contact: fields, deal: fields }),
  read(files, catalogue, report) {
    const declared = files.flatMap(({ source, root }) =>
      (['contact', 'deal'] as const).flatMap((owner) =>
        Object.entries(source[owner]).map(([name, field]) => {
          const key = root.keys.get(owner)?.value.keys.get(name)?.key ?? root;
          if (builtInFacts[owner][name] !== undefined)
            report('wrong-value', key, `\`${owner}.${name}\` is built in`);
          return { owner, name, ...(typeof field === 'string' ? { type: field } : field) };
        }),
      ),
    );
    const typesOf = (owner: 'contact' | 'deal'): FieldTypes => ({
      ...Object.fromEntries(
        declared.filter((one) => one.owner === owner).map(({ name, type }) => [name, type]),
      ),
      ...catalogue.facts[owner],
    });
    const late = declared.filter((one) => 'after_outcome' in one && one.after_outcome === true);
    return {
      ...catalogue,
      facts: { contact: typesOf('contact'), deal: typesOf('deal') },
      afterOutcome: late.map(({ owner, name }) => `${owner}.${name}`),
    };
  },
});
