// pipelines.yaml: the pipelines, their stages in order, and which of them mean that the deal is won or lost.
import { z } from 'zod';
import type { Pipeline } from './catalogue.ts';
import { defineDeclaration } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';

const stage = z.string().min(1, 'must not be empty');

export const pipelinesDeclaration = defineDeclaration({
  file: 'pipelines.yaml',
  doc: {
    text: 'The pipelines that workflows may speak of: stages in order, and which of them mean won or lost. For reports, `skipped` says whether a stage that a deal jumped over counts as `passed` or `not entered`, and `backward` whether a deal that was moved back counts as far as it ever came (`furthest`) or where its last move left it (`latest`).',
    example:
      'pipelines:\n  sales:\n    stages: [New, Offer, Won, Lost]\n    won: [Won]\n    lost: [Lost]\n    skipped: passed\n    backward: furthest\n',
  },
  shape: z.strictObject({
    pipelines: z.record(
      z.string(),
      z.strictObject({
        stages: z
          .array(stage)
          .min(1, 'must name at least one stage')
          .describe('In the order in which a deal goes.'),
        won: z.array(stage).default([]).describe('Stages that mean won.'),
        lost: z.array(stage).default([]).describe('Stages that mean lost.'),
        skipped: z
          .enum(['passed', 'not entered'])
          .optional()
          .describe(
            'What a stage that was jumped over counts as in reports: `passed`, where it is not said.',
          ),
        backward: z
          .enum(['furthest', 'latest'])
          .optional()
          .describe('Where a deal that was moved back stands in reports: `furthest`, where it is not said.'),
      }),
    ),
  }),
  read(files, catalogue, report) {
    const pipelines = files.flatMap(({ source, root }) =>
      Object.entries(source.pipelines).map(([name, pipeline]) => {
        const at = root.keys.get('pipelines')?.value.keys.get(name)?.value ?? root;
        checkPipeline({ name, ...pipeline }, at, report);
        return { name, ...pipeline };
      }),
    );
    return { ...catalogue, pipelines };
  },
});

function checkPipeline({ stages, won, lost }: Pipeline, at: Located, report: Report): void {
  reportTwice(at, stages, report);
  for (const key of ['won', 'lost'] as const) reportUnknown(at, key, stages, report);
  const both = won.find((one) => lost.includes(one));
  if (both !== undefined)
    report('wrong-value', at.keys.get('lost')?.value ?? at, `"${both}" cannot mean both won and lost`);
}

function reportTwice(pipeline: Located, stages: readonly string[], report: Report): void {
  const items = pipeline.keys.get('stages')?.value.items ?? [];
  for (const [i, item] of items.entries())
    if (stages.indexOf(String(item.value)) < i)
      report('wrong-value', item, `"${item.value}" stands here a second time`);
}

function reportUnknown(
  pipeline: Located,
  key: 'won' | 'lost',
  stages: readonly string[],
  report: Report,
): void {
  for (const item of pipeline.keys.get(key)?.value.items ?? [])
    if (!stages.includes(String(item.value)))
      report(
        'unknown-stage',
        item,
        `"${item.value}" is none of the stages`,
        suggest(String(item.value), stages),
      );
}
