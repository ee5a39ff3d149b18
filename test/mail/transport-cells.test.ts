// How a message leaves when the server misbehaves: every SMTP cell of TRIALS F3, each with several messages at once over
// few lines, then some more to show that no line was left poisoned. Judged by the sink's own record.
import { describe, expect, it } from 'vitest';
import { cells } from '../harness/cells.ts';
import { startSink } from '../harness/sink.ts';
import { expectTruth, kinds, openTo, sendSome, untilReachable } from './outgoing.ts';

describe.concurrent('whatever the server does, the truth is told:', () => {
  for (const { name, rule, told: expected, wait, extensions, login = '', query = '' } of cells)
    it(name, async () => {
      const sink = await startSink(extensions && { extensions });
      const waits = { connectMs: 20_000, bodyMs: 20_000, replyMs: 20_000, ...(wait && { [wait]: 700 }) };
      const transport = openTo(`smtp://${login}127.0.0.1:${sink.port}${query}`, { waits });
      sink.use(rule);
      const told = await sendSome(4, transport);
      expectTruth(sink, told);
      expect(kinds(told)).toEqual([expected]);

      sink.use();
      await untilReachable(transport);
      const after = await sendSome(4, transport);
      expectTruth(sink, [...told, ...after]);
      expect(kinds(after)).toEqual(['accepted']);
      await transport.close();
      await sink.close();
    });
});
