// wait_until: stands still until a moment: the next opening of a calendar, a weekday and time, or so long before or
// after a fact. The moment is reckoned anew whenever something happens, so a fact that changes moves it; a fact that is
// not known, or a moment that has passed, lets the run go on at once.
import { z } from 'zod';
import { type Moment, momentAfter } from '../engine/moment.ts';
import { defineStep, type Json } from '../engine/step.ts';

export const waitUntil = defineStep({
  verb: 'wait_until',
  shape: z.strictObject({
    wait_until: z.string().describe('`next business hours`, `tuesday 09:00`, or `deal.renewal_on - 7d`.'),
  }),
  doc: {
    text: 'Stands still until a moment: the next opening of a calendar, a weekday and time in the contact’s zone, or so long before or after an instant that a fact names. Where the fact is not known, or the moment has passed, the run goes on at once.',
    example: '- id: in-the-morning\n  wait_until: next business hours\n',
  },

  compile(source, at, context) {
    const moment = context.moment(at.keys.get('wait_until')?.value ?? at);
    // A date may lie far off; the watch over a control group is bounded anyway.
    const traits = { label: `wait until ${source.wait_until}`, lastsMs: 30 * 86_400_000 };
    return { params: { moment, text: source.wait_until }, traits };
  },

  decide(view) {
    const { text } = view.params;
    const moment = view.params.moment as unknown as Moment;
    const at = momentAfter(moment, view.facts, view.time, view.run.nodeAt);
    if (at === null)
      return { go: 'on', why: `does not wait: ${(moment as { fact?: Json }).fact} is not known` };
    if (at <= view.now) return { go: 'on', why: at <= view.run.nodeAt ? `${text} has passed` : text };
    return { go: 'stay', until: at, why: `waits until ${view.time.tell(at)} (${text})` };
  },
});
