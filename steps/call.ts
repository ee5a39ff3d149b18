// call: tells another program by an HTTP POST that is signed and may be repeated, always under the same webhook-id. The URL
// is text in the file and never built of what a contact is; facts go into the body alone, read when it leaves. With
// `on_failure: exit` the run stands here until the answer has come; without it, it goes on at once.
import { z } from 'zod';
import { readCallFields } from '../engine/call-fields.ts';
import { longestMs, parseDuration, tellDuration } from '../engine/duration.ts';
import { createEffect, keyOf } from '../engine/effect.ts';
import type { CallRequest } from '../engine/requests.ts';
import { defineStep, type Json, type View } from '../engine/step.ts';
import { readUrl } from '../engine/url.ts';

const value = z.union([z.string(), z.number(), z.boolean()], 'must be a fact, text, a number, true or false');
const usualTimeout = 'PT10S';
const usualRetry = 'P3D';
const longestTimeoutMs = 60_000;

export const call = defineStep({
  verb: 'call',
  shape: z.strictObject({
    call: z.string().describe('An https:// address. The same for everybody: facts go into `with`.'),
    with: z
      .record(z.string(), value)
      .optional()
      .describe(
        'Fields of the body. `deal.amount` or `contact.email` is that fact; anything else is as written.',
      ),
    timeout: z
      .string()
      .optional()
      .describe('How long one try may take; 10s where it is not said, 60s at most.'),
    retry_for: z.string().optional().describe('How long it is tried again; 3d where it is not said.'),
    on_failure: z
      .string()
      .regex(/^(continue|exit [a-z][a-z0-9-]*)$/, 'is `continue`, or `exit <outcome>`')
      .optional()
      .describe(
        '`exit <outcome>`: the run waits for the answer, and ends where the call is refused or given up.',
      ),
  }),
  doc: {
    text: 'POSTs to another program: `{type, timestamp, data: {workflow, step, contact, deal, fields}}` as JSON, signed as Standard Webhooks say. 5xx, 429 and silence are tried again under the same `webhook-id`, other answers are not; redirects are not followed, private addresses are not called. The run goes on at once, unless `on_failure: exit <outcome>` lets it wait for the answer.',
    example:
      '- id: tell-crm\n  call: https://crm.example/hooks/voronka\n  with: { amount: deal.amount, note: asked for an offer }\n  on_failure: exit crm-down\n',
  },

  compile(source, at, context) {
    const url = readUrl(source.call, at.keys.get('call')?.value ?? at, context.report);
    const durationOf = (key: string, usual: string) => {
      const place = at.keys.get(key)?.value;
      return place === undefined ? usual : context.duration(place);
    };
    const timeoutMs = msOf(durationOf('timeout', usualTimeout));
    const retryFor = durationOf('retry_for', usualRetry);
    if (timeoutMs > longestTimeoutMs)
      context.report('wrong-value', at.keys.get('timeout')?.value ?? at, 'a try may take a minute at most');
    const fields = readCallFields(at.keys.get('with')?.value, context);
    const outcome = /^exit (.+)$/.exec(source.on_failure ?? '')?.[1] ?? null;
    const request: CallRequest = { url: url?.href ?? '', fields, timeoutMs };
    return {
      params: { request: request as unknown as Json, retryFor, outcome },
      traits: {
        label: `call ${url?.hostname ?? source.call}`,
        ...(outcome === null ? {} : { lastsMs: msOf(retryFor) }),
      },
    };
  },

  decide(view) {
    const { outcome, request, retryFor } = view.params;
    const lifetimeMs = msOf(retryFor);
    const host = new URL((request as unknown as CallRequest).url).hostname;
    if (!view.arrived)
      return outcome === null ? { go: 'on', why: `called ${host}` } : hear(view, outcome, retryFor);
    const payload = {
      ...(request as { readonly [key: string]: Json }),
      ...(outcome === null ? {} : { awaited: true }),
    };
    const wish = { payload, topic: null, dueAt: view.now, toContact: false as const, lifetimeMs };
    const effects = [createEffect(view, wish)];
    const why = `calls ${host}`;
    if (outcome === null) return { go: 'on', effects, why };
    return { go: 'stay', effects, until: view.now + lifetimeMs, why: `${why} and waits for the answer` };
  },

  perform: (delivery, io) => io.call(delivery.payload as unknown as CallRequest),
});

/** The answer to what this arrival asked for; or none in all the time there was. */
function hear(view: View<unknown>, outcome: string, retryFor: string) {
  const { event, run, now } = view;
  const isAnswer =
    event?.type === 'call.answered' && event.data.run === run.id && event.data.key === keyOf(view);
  if (isAnswer && event.data.is === 'sent') return { go: 'on' as const, why: 'the call was answered' };
  if (isAnswer)
    return { go: 'end' as const, outcome, why: `the call failed: ${event.data.why ?? event.data.is}` };
  const until = run.nodeAt + msOf(retryFor);
  if (now < until) return { go: 'stay' as const, until, why: 'waits for the answer' };
  return { go: 'end' as const, outcome, why: `the call had no answer in ${tellDuration(retryFor)}` };
}

function msOf(duration: string): number {
  const parsed = parseDuration(duration);
  return parsed === null ? 0 : longestMs(parsed);
}
