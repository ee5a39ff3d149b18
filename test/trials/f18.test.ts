// F18, the short form: twenty random private addresses in every spelling, and every way round by a name.
import { expect, it } from 'vitest';
import { runCalls } from './f18.ts';

it('no call reaches a private listener, however its address is written', { timeout: 120_000 }, async () => {
  const report = await runCalls({ seed: 20261123, addresses: 20 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ bytes: 0, connections: 0, resolved: 1 });
  // The rebinding name's public address stays silent; the control is the one that is sent.
  expect(report.others).toBe(2);
  expect(report.controlBytes).toBeGreaterThan(0);
});
