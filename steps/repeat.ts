// repeat: the one way back, capped. It leads to an earlier step of the same block or of one around it, so that no arm is
// entered from the side; a run that has gone back often enough goes on. Counts are for the whole run.
import { z } from 'zod';
import { suggest } from '../engine/spelling.ts';
import { type CompileContext, defineStep } from '../engine/step.ts';

export const repeat = defineStep({
  verb: 'repeat',
  shape: z.strictObject({
    repeat: z.strictObject({
      from: z.string().describe('The id of an earlier step, in this block or one around it.'),
      at_most: z
        .int()
        .min(1, 'must be 1 or more')
        .max(100, 'must be at most 100')
        .describe('How often a run goes back.'),
    }),
  }),
  doc: {
    text: 'Goes back to an earlier step, so often at most; then goes on. Put it into a branch to go back under a condition.',
    example:
      '- id: nudge\n  send: qualification-intro\n- id: pause\n  wait: 3d\n- id: again\n  repeat: { from: nudge, at_most: 2 }\n',
  },

  compile({ repeat: { from, at_most } }, at, context) {
    const place = at.keys.get('repeat')?.value.keys.get('from')?.value ?? at;
    const earlier = earlierSteps(context);
    if (!earlier.includes(from)) {
      const isThere = context.steps.some(({ id }) => id === from);
      const message = isThere
        ? `\`${from}\` does not stand before this step, in this block or one around it`
        : `no step here has the id \`${from}\``;
      context.report('unknown-step', place, message, suggest(from, earlier));
    }
    return {
      params: { from, atMost: at_most },
      traits: { label: `back to ${from}, at most ${at_most} times` },
      jumps: { again: from },
    };
  },

  decide(view) {
    const { from, atMost } = view.params;
    const times = view.run.memory.visits[view.node.id] ?? 1;
    return times <= atMost
      ? { go: 'on', arm: 'again', why: `goes back to ${from}` }
      : { go: 'on', arm: 'on', why: `has gone back ${atMost} times` };
  },
});

function earlierSteps({ here, steps }: CompileContext): string[] {
  if (here === null) return steps.map(({ id }) => id);
  const before = steps.slice(0, steps.indexOf(here));
  return before.filter(({ block }) => `${here.block}/`.startsWith(`${block}/`)).map(({ id }) => id);
}
