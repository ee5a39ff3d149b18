// exit: ends the run with an outcome. What was asked for before still leaves: an end that the workflow itself comes to
// takes nothing back, unlike one that an event forces.
import { z } from 'zod';
import { idPattern } from '../engine/shapes.ts';
import { defineStep } from '../engine/step.ts';

export const exit = defineStep({
  verb: 'exit',
  shape: z.strictObject({
    exit: z
      .string()
      .regex(idPattern, 'is an outcome: lower-case letters, digits and hyphens')
      .describe('What the end is called in reports.'),
    goal: z.boolean().optional().describe('True where this end is what the workflow is for.'),
  }),
  doc: {
    text: 'Ends the run, with the outcome that reports count. A run that comes to the end of its steps ends as `finished`.',
    example: '- id: done\n  exit: no-response\n',
  },

  compile(source) {
    const { exit: outcome, goal } = source;
    return { params: { outcome, goal: goal === true }, traits: { label: `exit ${outcome}`, ends: outcome } };
  },

  decide(view) {
    const { outcome, goal } = view.params;
    return { go: 'end', outcome, goal, why: `exits ${outcome}` };
  },
});
