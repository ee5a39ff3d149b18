import { expect, it } from 'vitest';
import type { SurveyRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome } from '../../engine/step.ts';
import { survey } from '../../steps/survey.ts';
import { day, monday } from '../engine/fixture.ts';
import { ioOf } from './io.ts';
import { nodeOf, viewOf } from './view.ts';

const yaml = '- id: it\n  survey: nps\n';
const asked = (surveyed_at?: number) => ({
  facts: { contact: surveyed_at === undefined ? {} : { surveyed_at }, deal: {} },
});
const limited = (apartMs: number | null, sample = 1) => {
  const node = nodeOf(yaml);
  return { ...node, params: { ...(node.params as object), apartMs, sample } };
};

it('asks once at each visit, by the template of the survey, and remembers when', () => {
  expect(survey.decide(viewOf(nodeOf(yaml), asked()))).toMatchObject({
    go: 'on',
    why: 'asks nps',
    effects: [{ key: 'it#1', verb: 'survey', topic: null, payload: { survey: 'nps', template: 'nps' } }],
    patch: { contact: { surveyed_at: monday } },
  });
});

it('waits until the contact may be asked again, over all surveys, and drops nothing', () => {
  const node = limited(30 * day);
  expect(survey.decide(viewOf(node, asked(monday - 10 * day)))).toMatchObject({
    go: 'stay',
    until: monday + 20 * day,
  });
  expect(survey.decide(viewOf(node, asked(monday - 30 * day)))).toMatchObject({ go: 'on', why: 'asks nps' });
  expect(survey.decide(viewOf(limited(null), asked(monday)))).toMatchObject({ why: 'asks nps' });
});

it('outside the sending window it waits for it', () => {
  const plan = { workflow: 'w', topic: null, sendWindow: 'business hours' };
  const saturday = monday + 5 * day;
  expect(survey.decide(viewOf(nodeOf(yaml), { ...asked(), plan, now: saturday }))).toMatchObject({
    go: 'stay',
  });
});

it('asks nobody in a pause, although its letter is of no topic', () => {
  const paused = { facts: { contact: { paused_until: monday + 3 * day }, deal: {} } };
  expect(survey.decide(viewOf(nodeOf(yaml), paused))).toMatchObject({ go: 'stay', until: monday + 3 * day });
});

it('of a sample, a draw that never changes says who is asked', () => {
  const node = limited(null, 0.25);
  const subjects = Array.from({ length: 2_000 }, (_, i) => `d${i}`);
  const isAsked = (subject: string) => {
    const decision = survey.decide(viewOf(node, { ...asked(), subject }));
    return decision.go === 'on' && (decision.effects ?? []).length > 0;
  };
  const first = subjects.filter(isAsked);
  expect(first).toEqual(subjects.filter(isAsked));
  // The draw is a hash, so this number is the same on every machine.
  expect(first.length).toBeGreaterThan(400);
  expect(first.length).toBeLessThan(600);
});

it('hands the request to the caller’s survey, and takes any other delivery for a fault', async () => {
  const requests: SurveyRequest[] = [];
  const sent: Outcome = { is: 'sent', reply: '250 ok' };
  const io = ioOf({
    survey: async (one) => {
      requests.push(one);
      return sent;
    },
  });
  const payload = { survey: 'nps', template: 'nps' };
  expect(await survey.perform?.({ id: '7', payload } as unknown as Delivery, io)).toBe(sent);
  expect(requests).toEqual([payload]);
  expect(() => survey.perform?.({ id: '7', payload: {} } as unknown as Delivery, io)).toThrow(/delivery 7/);
});
