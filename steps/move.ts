// move: takes the deal to another stage of its pipeline. The ledger records it as a stage change like any other, so
// other workflows, exits and reports hear it; a deal that stands there already stays, and nobody hears anything.
import { z } from 'zod';
import type { Catalogue } from '../engine/catalogue.ts';
import { createRaised } from '../engine/effect.ts';
import type { Raises } from '../engine/notes.ts';
import { suggest } from '../engine/spelling.ts';
import { defineStep } from '../engine/step.ts';

export const move = defineStep({
  verb: 'move',
  shape: z.strictObject({
    move: z.string().min(1, 'must not be empty').describe('The stage to move the deal to.'),
  }),
  doc: {
    text: 'Moves the deal to another stage of its pipeline. It is a stage change like any other: exits and other workflows hear it.',
    example: '- id: to-offer\n  move: Offer\n',
  },

  compile(source, at, { catalogue, hasDeal, report }) {
    const place = at.keys.get('move')?.value ?? at;
    const stages = catalogue.pipelines.flatMap((pipeline) => pipeline.stages);
    if (!stages.includes(source.move))
      report(
        'unknown-stage',
        place,
        `no pipeline has a stage "${source.move}"`,
        suggest(source.move, stages),
      );
    if (!hasDeal) report('no-deal', place, 'this workflow runs for a contact without a deal');
    const pipelines = catalogue.pipelines
      .filter(({ stages: own }) => own.includes(source.move))
      .map(({ name }) => name);
    return {
      params: { stage: source.move, pipelines },
      traits: { label: `move to ${source.move}`, moves: source.move },
      notes: { raises: changesTo(source.move, catalogue) },
    };
  },

  decide(view) {
    const { stage, pipelines } = view.params;
    const { deal } = view.facts;
    const pipeline = deal?.pipeline ?? null;
    if (deal === null) return { go: 'on', why: 'has no deal to move' };
    if (deal.stage === stage) return { go: 'on', why: `stands in ${stage} already` };
    if (typeof pipeline === 'string' && !pipelines.includes(pipeline))
      return { go: 'on', why: `does not move: ${pipeline} has no stage ${stage}` };
    const change = { pipeline, from: deal.stage ?? null, to: stage };
    const raises = [createRaised(view, 'deal.stage_changed', change)];
    return {
      go: 'on',
      patch: { deal: { stage, stage_at: view.now } },
      raises,
      why: `moves the deal to ${stage}`,
    };
  },
});

/** Every change that may come of it: from wherever else in a pipeline the deal may stand. */
function changesTo(stage: string, { pipelines }: Catalogue): Raises[] {
  return pipelines
    .filter(({ stages }) => stages.includes(stage))
    .flatMap(({ name, stages }) =>
      stages
        .filter((from) => from !== stage)
        .map((from) => ({
          type: 'deal.stage_changed',
          data: { pipeline: name, from, to: stage },
          state: `stage ${stage}`,
        })),
    );
}
