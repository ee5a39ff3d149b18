// F16, the short form: every written input, and a few shipped files changed by dice. The bound is wide: a loaded machine
// is slow, and what hangs hangs longer than that.
import { expect, it } from 'vitest';
import { readHostile } from './f16.ts';

it('hostile definitions neither crash nor hang nor pollute', { timeout: 400_000 }, async () => {
  const report = await readHostile({ seed: 20261123, mutated: 100, boundMs: 60_000 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ crashes: [], hangs: [], polluted: [] });
  expect(report.inputs).toBeGreaterThan(200);
});
