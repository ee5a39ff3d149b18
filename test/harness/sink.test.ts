// The judge is judged: a sink in its own process records what it took, and takes its rules while it runs.
import { expect, it } from 'vitest';
import { kinds, openTo, sendSome } from '../mail/outgoing.ts';
import { spawnSink } from './sink-spawn.ts';

it('a sink in its own process records every message it took, and obeys', async () => {
  const sink = await spawnSink();
  const transport = openTo(sink.url);
  const told = await sendSome(5, transport);
  await sink.until(5);
  expect(await sink.count()).toBe(5);
  const accepted = await sink.accepted();
  expect(accepted.map((one) => one.messageId).sort()).toEqual(told.map((one) => one.messageId).sort());
  expect(accepted.every((one) => one.isWhole && one.sha256.length === 64 && one.bytes > 1_000)).toBe(true);

  await sink.use({ at: 'rcpt', reply: '450 4.2.0 later', times: 1 });
  expect(kinds(await sendSome(3, transport))).toEqual(['accepted', 'rejected rcpt']);
  expect(await sink.accepted(5)).toHaveLength(2);
  await transport.close();
  await sink.close();
});
