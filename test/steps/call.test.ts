import { expect, it } from 'vitest';
import type { CallRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome, View } from '../../engine/step.ts';
import { call } from '../../steps/call.ts';
import { day, happening, monday } from '../engine/fixture.ts';
import { nodeOf, run, viewOf } from './view.ts';

const plain =
  '- id: it\n  call: https://crm.example/hook\n  with: { amount: deal.amount, note: hello, n: 3 }\n';
const request = {
  url: 'https://crm.example/hook',
  fields: { amount: { fact: 'deal.amount' }, note: { value: 'hello' }, n: { value: 3 } },
  timeoutMs: 10_000,
};

it('asks for one call and goes on; a suppressed address does not stop it', () => {
  expect(call.decide(viewOf(nodeOf(plain)))).toEqual({
    go: 'on',
    why: 'calls crm.example',
    effects: [
      {
        key: 'it#1',
        verb: 'call',
        node: 'it',
        topic: null,
        toContact: false,
        payload: request,
        dueAt: monday,
        expiresAt: monday + 3 * day,
      },
    ],
  });
});

const awaited = nodeOf(
  '- id: it\n  call: https://crm.example/hook\n  timeout: 30s\n  retry_for: 6h\n  on_failure: exit crm-down\n',
);
const until = monday + day / 4;

it('stands and waits for the answer where a failure ends the run', () => {
  expect(call.decide(viewOf(awaited))).toMatchObject({
    go: 'stay',
    until,
    why: 'calls crm.example and waits for the answer',
    effects: [{ payload: { awaited: true, timeoutMs: 30_000 }, expiresAt: until }],
  });
});

const answered = (is: string, data = {}): Partial<View<never>> => ({
  arrived: false,
  event: happening('call.answered', { data: { run: run.id, step: 'it', key: 'it#1', is, ...data } }),
});

it.each([
  [answered('sent'), { go: 'on', why: 'the call was answered' }],
  [
    answered('refused', { why: 'answered 404' }),
    { go: 'end', outcome: 'crm-down', why: 'the call failed: answered 404' },
  ],
  [answered('sent', { run: 'r2' }), { go: 'stay', until }],
  [answered('sent', { key: 'it#2' }), { go: 'stay', until }],
  [
    { arrived: false, event: happening('mail.clicked') },
    { go: 'stay', until },
  ],
  [
    { arrived: false, now: until },
    { go: 'end', outcome: 'crm-down', why: 'the call had no answer in 6 hours' },
  ],
])('hears the answer to its own call alone, and for so long (%#)', (parts, expected) => {
  const decision = call.decide(viewOf(awaited, parts));
  expect(decision).toMatchObject(expected);
  expect('effects' in decision).toBe(false);
});

it('hands the request to the caller’s call, and answers what the world said', async () => {
  const asked: CallRequest[] = [];
  const sent: Outcome = { is: 'sent', reply: '200' };
  const io = {
    now: monday,
    facts: { contact: {}, deal: null },
    mail: () => Promise.reject(new Error('not asked')),
    call: async (one: CallRequest) => {
      asked.push(one);
      return sent;
    },
  };
  expect(await call.perform?.({ id: '7', payload: request } as unknown as Delivery, io as never)).toBe(sent);
  expect(asked).toEqual([request]);
});
