// How a message leaves when the server misbehaves: every SMTP cell of TRIALS F3, each with several messages at once over
// few lines, then some more to show that no line was left poisoned. Judged by the sink's own record.
import { describe, expect, it } from 'vitest';
import { startSink } from '../harness/sink.ts';
import type { Rule } from '../harness/sink-rules.ts';
import { expectTruth, kinds, openTo, sendSome, untilReachable } from './outgoing.ts';

type Wait = 'connectMs' | 'bodyMs' | 'replyMs';

/** Each cell of F3: the rule, what the sender may be told, and the wait that has to run out for it. */
const cells: readonly (readonly [cell: string, rule: Rule, told: readonly string[], wait?: Wait])[] = [
  ['a greeting of 421', { at: 'greeting', reply: '421 4.3.2 too busy', drop: true }, ['rejected connect']],
  ['a greeting of 554', { at: 'greeting', reply: '554 go away', drop: true }, ['rejected connect']],
  ['no greeting', { at: 'greeting', reply: null }, ['lost before'], 'connectMs'],
  ['a hang-up before the greeting', { at: 'greeting', reply: null, drop: true }, ['lost before']],
  ['a greeting of garbage', { at: 'greeting', reply: '\u0000\u0001 hello' }, ['lost before'], 'connectMs'],
  ['silence after EHLO', { at: 'ehlo', reply: null }, ['lost before'], 'connectMs'],
  ['421 to EHLO', { at: 'ehlo', reply: '421 4.3.0 no', drop: true }, ['rejected connect']],
  ['MAIL 451', { at: 'mail', reply: '451 4.7.1 later' }, ['rejected mail']],
  ['MAIL 550', { at: 'mail', reply: '550 5.7.1 not you' }, ['rejected mail']],
  ['MAIL 421 and a hang-up', { at: 'mail', reply: '421 4.4.2 bye', drop: true }, ['rejected mail']],
  ['MAIL, then silence', { at: 'mail', reply: null }, ['lost before'], 'bodyMs'],
  ['RCPT 450', { at: 'rcpt', reply: '450 4.2.0 greylisted' }, ['rejected rcpt']],
  ['RCPT 550', { at: 'rcpt', reply: '550 5.1.1 no such user' }, ['rejected rcpt']],
  ['RCPT, then a hang-up', { at: 'rcpt', reply: null, drop: 'reset' }, ['lost before']],
  ['DATA 451', { at: 'data', reply: '451 4.3.0 later' }, ['rejected data']],
  ['DATA 554', { at: 'data', reply: '554 5.5.1 no' }, ['rejected data']],
  ['DATA 250 instead of 354', { at: 'data', reply: '250 ok' }, ['lost before']],
  ['DATA, then silence', { at: 'data', reply: null }, ['lost before'], 'bodyMs'],
  ['an early 552 in the body', { at: 'body', byte: 1_000, reply: '552 5.3.4 too big' }, ['rejected data']],
  [
    'an early 552 in the body and a hang-up',
    { at: 'body', byte: 1_000, reply: '552 5.3.4 too big', drop: true },
    ['rejected data'],
  ],
  ['an early 250 in the body', { at: 'body', byte: 1_000, reply: '250 ok' }, ['lost before']],
  ['a drop at the first byte', { at: 'body', byte: 1, reply: null, drop: 'reset' }, ['lost before']],
  ['a drop at byte 5,000', { at: 'body', byte: 5_000, reply: null, drop: 'reset' }, ['lost before']],
  [
    'a drop after the dot, not taken',
    { at: 'dot', reply: null, accept: false, drop: 'reset' },
    ['lost after'],
  ],
  ['a drop after the dot, taken', { at: 'dot', reply: null, accept: true, drop: 'reset' }, ['lost after']],
  ['a close after the dot, taken', { at: 'dot', reply: null, accept: true, drop: true }, ['lost after']],
  ['silence after the dot, taken', { at: 'dot', reply: null, accept: true }, ['lost after'], 'replyMs'],
  ['silence after the dot, not taken', { at: 'dot', reply: null, accept: false }, ['lost after'], 'replyMs'],
  ['451 after the dot', { at: 'dot', reply: '451 4.3.0 later' }, ['rejected after']],
  ['550 after the dot', { at: 'dot', reply: '550 5.7.1 spam' }, ['rejected after']],
  ['421 after the dot', { at: 'dot', reply: '421 4.3.2 bye', drop: true }, ['rejected after']],
  ['garbage after the dot, taken', { at: 'dot', reply: 'ok!', accept: true }, ['lost after'], 'replyMs'],
  ['354 after the dot, taken', { at: 'dot', reply: '354 go on', accept: true }, ['lost after'], 'replyMs'],
  ['half a reply after the dot, taken', { at: 'dot', reply: '25', accept: true, drop: true }, ['lost after']],
  [
    'an oversized reply after the dot, taken',
    { at: 'dot', reply: `250-${'x'.repeat(100_000)}`, accept: true },
    ['lost after'],
    'replyMs',
  ],
  [
    'an oversized greeting',
    { at: 'greeting', reply: `220-${'x'.repeat(100_000)}` },
    ['lost before'],
    'connectMs',
  ],
  [
    'a trickle slower than the wait, after the dot, taken',
    { at: 'dot', trickleMs: 100, accept: true },
    ['lost after'],
    'replyMs',
  ],
  ['a trickle slower than the wait, at EHLO', { at: 'ehlo', trickleMs: 100 }, ['lost before'], 'connectMs'],
  ['a trickle that ends in time', { at: 'dot', reply: '250 ok', trickleMs: 1 }, ['accepted']],
  ['two replies to the dot', { at: 'dot', extra: '250 2.0.0 taken again' }, ['accepted']],
  ['a reply of many lines', { at: 'dot', reply: '250-2.0.0 taken\r\n250-by\r\n250 us' }, ['accepted']],
];

describe.concurrent('whatever the server does, the truth is told:', () => {
  for (const [cell, rule, expected, wait] of cells)
    it(cell, async () => {
      const sink = await startSink();
      const waits = { connectMs: 20_000, bodyMs: 20_000, replyMs: 20_000, ...(wait && { [wait]: 700 }) };
      const transport = openTo(sink.url, { waits });
      sink.use(rule);
      const told = await sendSome(4, transport);
      expectTruth(sink, told);
      expect(kinds(told)).toEqual(expected);

      sink.use();
      await untilReachable(transport);
      const after = await sendSome(4, transport);
      expectTruth(sink, [...told, ...after]);
      expect(kinds(after)).toEqual(['accepted']);
      await transport.close();
      await sink.close();
    });
});
