// survey: asks the contact one question on the scale from 0 to 10, by a mail that has the scale in it. It goes the way
// of every mail. Nobody is asked more often than policy.yaml allows, over all surveys: the run stands here until the
// contact may be asked again; and where a survey has a sample, a draw by hash says who is asked at all.
import { z } from 'zod';
import { createEffect } from '../engine/effect.ts';
import { draw } from '../engine/hash.ts';
import { opensAt } from '../engine/leaving.ts';
import { checkTemplate } from '../engine/letter.ts';
import type { SurveyRequest } from '../engine/requests.ts';
import { suggest } from '../engine/spelling.ts';
import { type Delivery, defineStep } from '../engine/step.ts';

interface Params extends SurveyRequest {
  readonly topic: string | null;
  readonly sample: number;
  /** So long after any survey before it, in ms; null: at any time. */
  readonly apartMs: number | null;
}

export const survey = defineStep<z.ZodObject<{ survey: z.ZodString }>, Params>({
  verb: 'survey',
  shape: z.strictObject({
    survey: z.string().min(1, 'must not be empty').describe('The name of a survey in surveys.yaml.'),
  }),
  doc: {
    text: 'Asks the contact a question of surveys.yaml on the scale from 0 to 10, by mail. Where policy.yaml says how often a contact may be asked, the run stands here until it may; nobody is asked in the quiet hours or in a pause; a survey with a sample asks a share of those who come. Wait with `until: contact answers <survey> as detractor`.',
    example: '- id: ask\n  survey: nps\n',
  },

  compile(source, at, context) {
    const place = at.keys.get('survey')?.value ?? at;
    const { questions, policy, surveys } = context.catalogue;
    const asked = questions[source.survey];
    if (asked === undefined)
      context.report(
        'unknown-survey',
        place,
        `there is no survey \`${source.survey}\``,
        suggest(source.survey, surveys) ?? 'declare it in surveys.yaml',
      );
    const template = asked?.template ?? '';
    const topic = asked === undefined ? null : checkTemplate(template, place, context);
    // Two in sixty days are one every thirty: the last one is all that a contact's facts keep.
    const apartMs = policy.surveys === null ? null : policy.surveys.ms / policy.surveys.count;
    return {
      params: {
        survey: source.survey,
        template,
        topic,
        sample: asked?.sample ?? 1,
        apartMs,
        ...(asked?.remind === undefined ? {} : { remind: asked.remind }),
      },
      traits: { label: `survey ${source.survey}`, template },
    };
  },

  decide(view) {
    const { survey: name, template, topic, sample, apartMs, remind } = view.params;
    const window = view.plan.sendWindow;
    if (sample < 1 && draw('survey', view.plan.workflow, view.node.id, view.subject) >= sample)
      return { go: 'on', why: `is not asked: ${name} asks ${Math.round(sample * 100)}% of those who come` };
    const last = view.facts.contact.surveyed_at;
    const lastAt = last === undefined ? null : view.time.instant(last);
    const freeAt = lastAt === null || apartMs === null ? view.now : Math.max(view.now, lastAt + apartMs);
    if (freeAt > view.now) {
      const why = `was asked not long ago: waits until ${view.time.tell(freeAt)}`;
      return { go: 'stay', until: freeAt, why };
    }
    // Nobody is asked at night or in a pause, also where the letter that asks is of no topic.
    const { at, why } = opensAt(view.now, { topic: topic ?? name, window }, view.facts, view.time);
    if (why !== null) return { go: 'stay', until: at, why };
    const payload = {
      survey: name,
      template,
      ...(window === null ? {} : { window }),
      ...(remind === undefined ? {} : { remind }),
    };
    const effect = createEffect(view, { payload, topic, dueAt: view.now });
    return {
      go: 'on',
      effects: [effect],
      patch: { contact: { surveyed_at: view.now } },
      why: `asks ${name}`,
    };
  },

  perform(delivery, io) {
    return io.survey(requestOf(delivery));
  },
});

function requestOf({ id, payload }: Delivery): SurveyRequest {
  if (typeof payload === 'object' && payload !== null && 'survey' in payload && 'template' in payload)
    return payload as unknown as SurveyRequest;
  throw new Error(`delivery ${id} asks no survey`);
}
