// wait: stands still for a duration, or until an event comes first. It is due at (arrived + duration), so a wait that
// is edited while people stand in it reckons the time they have stood; it always ends, because the duration is needed.
import { z } from 'zod';
import { longestMs, parseDuration, tellDuration } from '../engine/duration.ts';
import { isTimed, tellPhrase } from '../engine/phrase.ts';
import { defineStep } from '../engine/step.ts';

export const wait = defineStep({
  verb: 'wait',
  shape: z.strictObject({
    wait: z.string().nullable().describe('How long: 30m, 3d, 2 weeks, 2 business days.'),
    until: z.string().optional().describe('An event that ends the wait early.'),
    on_event: z.array(z.unknown()).optional().describe('Steps to take when the event came.'),
    on_timeout: z.array(z.unknown()).optional().describe('Steps to take when it did not.'),
  }),
  doc: {
    text: 'Stands still for a duration, or until an event where one is named. `on_event` and `on_timeout` part the two outcomes; both rejoin after the wait.',
    example: '- id: think-it-over\n  wait: 3d\n  until: contact replies\n',
  },

  compile(source, at, context) {
    const place = at.keys.get('wait')?.value ?? at;
    if (source.wait === null)
      context.report(
        'endless-wait',
        at.keys.get('wait')?.key ?? at,
        'this wait may never end',
        'give it a longest time: `wait: 30d`',
      );
    const duration = source.wait === null ? 'PT0S' : context.duration(place);
    const until = at.keys.get('until')?.value;
    const phrase = until === undefined ? null : context.phrase(until);
    const [onEvent, onTimeout] = ['on_event', 'on_timeout'].map((key) => at.keys.get(key)?.value);
    for (const block of ['on_event', 'on_timeout'])
      if (at.keys.has(block) && until === undefined)
        context.report(
          'missing-key',
          at.keys.get(block)?.key ?? at,
          `\`${block}\` needs an event`,
          'add `until:`',
        );
    const none = { ...at, keys: new Map(), items: [], value: [] };
    const parts = onEvent !== undefined || onTimeout !== undefined;
    const parsed = parseDuration(duration);
    return {
      params: { duration, until: phrase, parts },
      traits: {
        label: `wait ${tellDuration(duration)}${until === undefined ? '' : ` or until ${until.value}`}`,
        lastsMs: parsed === null ? 0 : longestMs(parsed),
        elapses: phrase === null || !isTimed(phrase),
      },
      notes: { leastMs: until !== undefined || parsed === null ? 0 : longestMs(parsed) },
      ...(parts ? { arms: { event: onEvent ?? none, timeout: onTimeout ?? none } } : {}),
    };
  },

  decide(view) {
    const { duration, until, parts } = view.params;
    const arm = (name: string) => (parts ? { arm: name } : {});
    if (until !== null && view.hears(until)) return { go: 'on', ...arm('event'), why: tellPhrase(until) };
    const due = view.time.add(view.run.nodeAt, duration);
    if (view.now >= due) return { go: 'on', ...arm('timeout'), why: `${tellDuration(duration)} passed` };
    const moment = until === null ? null : view.momentOf(until);
    const wake = moment === null ? due : Math.min(due, moment);
    const or = until === null ? '' : ` or until ${tellPhrase(until)}`;
    return { go: 'stay', until: wake, why: `waits until ${view.time.tell(due)}${or}` };
  },
});
