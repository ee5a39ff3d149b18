// split: parts people by weights, for a test of one way against another. The draw is a hash of (workflow, step, subject),
// so a person keeps its arm over edits, replays and installs; changed weights move the border between neighbours.
import { z } from 'zod';
import { draw } from '../engine/hash.ts';
import { idPattern } from '../engine/shapes.ts';
import type { Located } from '../engine/source.ts';
import { suggest } from '../engine/spelling.ts';
import { defineStep } from '../engine/step.ts';

const arm = z.string().regex(idPattern, 'is an arm: lower-case letters, digits and hyphens');

export const split = defineStep({
  verb: 'split',
  shape: z.strictObject({
    split: z
      .record(arm, z.number().nonnegative('must not be less than nothing'))
      .describe('Arms and their weights: `{ a: 50, b: 50 }`.'),
    steps: z.record(z.string(), z.array(z.unknown())).optional().describe('What happens in each arm.'),
  }),
  doc: {
    text: 'Parts people by weights, drawn by a hash of workflow, step and subject: the same person always takes the same arm. The arms rejoin after the split; one without steps goes straight on.',
    example:
      '- id: subject-line\n  split: { short: 50, long: 50 }\n  steps:\n    short:\n      - id: short-intro\n        send: qualification-intro\n    long:\n      - id: long-intro\n        send: case-study\n',
  },

  compile(source, at, context) {
    const names = Object.keys(source.split);
    const place = at.keys.get('split')?.value ?? at;
    if (names.length < 2 || Object.values(source.split).every((weight) => weight === 0))
      context.report(
        'wrong-value',
        place,
        'a split needs two arms with weights',
        'for example `{ a: 50, b: 50 }`',
      );
    const written = at.keys.get('steps')?.value;
    for (const [name, { key }] of written?.keys ?? [])
      if (!names.includes(name))
        context.report('unknown-key', key, `\`${name}\` is no arm`, suggest(name, names));
    const none: Located = { ...at, keys: new Map(), items: [], value: [] };
    const arms = Object.fromEntries(names.map((name) => [name, written?.keys.get(name)?.value ?? none]));
    return {
      params: { weights: source.split },
      traits: { label: `split ${names.join(' | ')}`, draws: true },
      arms,
    };
  },

  decide(view) {
    const weights = Object.entries(view.params.weights);
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    let point = draw(view.plan.workflow, view.node.id, view.subject) * total;
    const drawn = weights.find(([, weight]) => {
      point -= weight;
      return point < 0;
    });
    const arm = drawn?.[0] ?? weights.at(-1)?.[0] ?? '';
    return { go: 'on', arm, why: `draws ${arm}` };
  },
});
