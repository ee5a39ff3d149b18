// JSON schemas for editors, made from the same shapes that lint reads: draft-07, in which a step's own keys are offered
// once its verb stands there. An editor knows the form alone; names, phrases and conditions are lint's to check.
import { z } from 'zod';
import type { Declaration } from './declaration.ts';
import { idPattern } from './shapes.ts';
import type { Step } from './step.ts';
import { storyShape } from './story-read.ts';
import { workflowShape } from './workflow.ts';

type Schema = z.core.JSONSchema.BaseSchema;

const draft = 'http://json-schema.org/draft-07/schema#';
const stepRef = '#/definitions/step';
const storyRef = '#/definitions/story';

/** The schema of a workflow file. */
export function schemaOfWorkflows(steps: readonly Step[]): Schema {
  const kinds = steps.map((step): [string, Schema] => [step.verb, schemaOfStep(step)]);
  const verbs = Object.fromEntries(steps.map(({ verb, doc }) => [verb, { description: doc.text }]));
  return {
    $schema: draft,
    title: 'A workflow of Voronka',
    ...schemaOf(workflowShape),
    definitions: {
      step: {
        type: 'object',
        description: 'An id and exactly one verb.',
        required: ['id'],
        properties: { id: idSchema, ...verbs },
        anyOf: steps.map(({ verb }) => ({ required: [verb] })),
        allOf: kinds.map(([verb]) => ({
          if: { required: [verb] },
          // biome-ignore lint/suspicious/noThenProperty: the schema's own word
          then: { $ref: `#/definitions/${verb}` },
        })),
      },
      ...Object.fromEntries(kinds),
      // Its lists are lines in words, which lint reads.
      story: schemaOf(storyShape, {}),
    },
  };
}

/** The schema of a declaration beside the workflows. */
export function schemaOfDeclaration({ file, shape, doc }: Declaration): Schema {
  return { $schema: draft, title: `${file} of Voronka`, description: doc.text, ...schemaOf(shape) };
}

const idSchema: Schema = {
  type: 'string',
  pattern: idPattern.source,
  description: 'What people stand on: unique in the file, and never used again for another verb.',
};

function schemaOfStep({ shape, doc }: Step): Schema {
  const { properties, required = [], ...rest } = schemaOf(shape);
  return {
    description: doc.text,
    ...rest,
    properties: { id: idSchema, ...properties },
    required: ['id', ...required],
  };
}

/** A list of which the shape says nothing is a block of steps, but for the stories. */
function schemaOf(shape: z.ZodType, item: Schema = { $ref: stepRef }): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema, path }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'array' && (def as z.core.$ZodArrayDef).element._zod.def.type === 'unknown')
        jsonSchema.items = path.at(-1) === 'tests' ? { $ref: storyRef } : item;
    },
  });
  return schema as Schema;
}
