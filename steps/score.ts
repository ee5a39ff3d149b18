// score: gives points to the contact's engagement, or takes some. It tells the ledger, once, by an event that the score is
// folded from like from any other; so the points fade, are capped, and explain themselves.
import { z } from 'zod';
import { createRaised } from '../engine/effect.ts';
import type { Raises } from '../engine/notes.ts';
import type { Located } from '../engine/source.ts';
import { suggest } from '../engine/spelling.ts';
import { type CompileContext, defineStep } from '../engine/step.ts';

const most = 1_000;
/** More than any limit that a phrase names. */
const beyond = Number.MAX_SAFE_INTEGER;

export const score = defineStep({
  verb: 'score',
  shape: z.strictObject({
    score: z.strictObject({
      add: z
        .number('must be a number of points')
        .min(-most, 'must be -1000 or more')
        .max(most, 'must be 1000 or less')
        .describe('How many points; fewer than none takes them.'),
      to: z.string().default('engagement').describe('`engagement`, the score that events make.'),
      because: z.string().min(1, 'must not be empty').describe('Shown by `voronka score explain`.'),
    }),
  }),
  doc: {
    text: 'Gives points to `contact.score.engagement`, with a reason. They fade and are capped as `given` in `scores.yaml` says; steps after the next wait see them.',
    example: '- id: rescore\n  score: { add: 10, to: engagement, because: asked for a demo }\n',
  },

  compile({ score: { add, because, to } }, at, context) {
    checkScore(to, at.keys.get('score')?.value ?? at, context);
    return {
      params: { add, because },
      traits: { label: `score ${signed(add)}` },
      notes: { raises: raisesOf(add) },
    };
  },

  decide(view) {
    const { add, because } = view.params;
    const raises = [createRaised(view, 'score.points', { points: add, because })];
    return { go: 'on', raises, why: `scores ${signed(add)}: ${because}` };
  },
});

/** Whatever it was, it may come to be above or below any limit; twice in one direction it crosses none. */
function raisesOf(add: number): Raises[] {
  const [from, to] = add < 0 ? [beyond, -beyond] : [-beyond, beyond];
  const names = ['engagement', 'total'];
  return [
    { type: 'score.points', data: { points: add }, state: null },
    ...names.map((name) => ({
      type: 'score.changed',
      data: { name, from, to },
      state: `${name} ${add < 0 ? 'down' : 'up'}`,
    })),
  ];
}

const signed = (points: number) => (points < 0 ? String(points) : `+${points}`);

function checkScore(to: string, at: Located, { catalogue, report }: CompileContext): void {
  const place = at.keys.get('to')?.value ?? at;
  if (to === 'fit' || to === 'total')
    report(
      'unknown-score',
      place,
      `\`${to}\` is reckoned, not given`,
      'give to `engagement`, or `set` a fact that counts',
    );
  else if (to !== 'engagement')
    report(
      'unknown-score',
      place,
      `there is no score \`${to}\``,
      suggest(to, ['engagement']) ?? 'write `engagement`',
    );
  else if (catalogue.scores === null)
    report('unknown-score', place, 'nothing is scored here', 'declare it in scores.yaml');
}
