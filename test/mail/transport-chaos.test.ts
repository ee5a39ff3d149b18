// All of the server's misdeeds at once, at random (TRIALS F3, F6): 400 messages over four lines, each with a fate of its
// own, interleaved. What the sender was told must agree with what the sink recorded. The seed is printed on failure.
import { describe, expect, it } from 'vitest';
import { startSink } from '../harness/sink.ts';
import type { Rule } from '../harness/sink-rules.ts';
import { expectTruth, message, openTo, type Told, yes } from './outgoing.ts';

const fates: readonly (readonly [fate: string, rule: Rule])[] = [
  ['mail451', { at: 'mail', reply: '451 4.7.1 later' }],
  ['mail421', { at: 'mail', reply: '421 4.4.2 bye', drop: true }],
  ['rcpt450', { at: 'rcpt', reply: '450 4.2.0 later' }],
  ['rcpt550', { at: 'rcpt', reply: '550 5.1.1 nobody' }],
  ['rcptgone', { at: 'rcpt', reply: null, drop: 'reset' }],
  ['rcpttwice', { at: 'rcpt', extra: '250 2.1.5 ok' }],
  ['data451', { at: 'data', reply: '451 4.3.0 later' }],
  ['data250', { at: 'data', reply: '250 ok' }],
  ['early552', { at: 'body', byte: 500, reply: '552 5.3.4 too big' }],
  ['early250', { at: 'body', byte: 500, reply: '250 ok' }],
  ['drop1', { at: 'body', byte: 1, reply: null, drop: 'reset' }],
  ['drop4000', { at: 'body', byte: 4_000, reply: null, drop: true }],
  ['dotgone', { at: 'dot', reply: null, accept: false, drop: 'reset' }],
  ['dottaken', { at: 'dot', reply: null, accept: true, drop: 'reset' }],
  ['dot451', { at: 'dot', reply: '451 4.3.0 later' }],
  ['dot550', { at: 'dot', reply: '550 5.7.1 spam' }],
  ['dottwice', { at: 'dot', extra: '250 2.0.0 taken' }],
  ['dotgarbage', { at: 'dot', reply: 'yes, thank you', accept: true }],
  ['dotlate', { at: 'dot', delayMs: 30 }],
  ['fine', { at: 'dot' }],
  ['closed', { at: 'dot' }],
];

const numbersFrom = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe('with every fate at once', () => {
  for (const seed of [1, 20_261_123, Math.floor(Math.random() * 2 ** 31)])
    it(`seed ${seed}: nothing twice, nothing maimed, nothing called what it is not`, async () => {
      const random = numbersFrom(seed);
      const sink = await startSink({ rules: fates.map(([fate, rule]) => ({ ...rule, match: `${fate}-` })) });
      const waits = { connectMs: 20_000, bodyMs: 2_000, replyMs: 1_000 };
      const transport = openTo(sink.url, { connections: 4, waits });
      const send = async (n: number): Promise<Told & { fate: string }> => {
        const fate = fates[Math.floor(random() * fates.length)]?.[0] ?? '';
        const path = { from: `b+${fate}-${n}@bounce.acme.example`, to: `${fate}-${n}@beta.example` };
        const one = message({ envelope: path, messageId: `<${seed}.${n}@acme.example>` });
        const gate = async () => (await yes()) && fate !== 'closed';
        return { fate, messageId: one.messageId, reply: await transport.send(one, gate) };
      };
      const told = await Promise.all(Array.from({ length: 400 }, (_, n) => send(n)));
      expectTruth(sink, told);
      // Where nothing forbids it, it arrives; where the gate is closed, it does not.
      const of = (fate: string) => [
        ...new Set(told.filter((one) => one.fate === fate).map(({ reply }) => reply.is)),
      ];
      expect([of('fine'), of('dotlate'), of('closed'), of('rcpt550')]).toEqual([
        ['accepted'],
        ['accepted'],
        ['withheld'],
        ['rejected'],
      ]);
      await transport.close();
      await sink.close();
    });
});
