// F2, the short form: one death at each named stop of the path, on both engines.
import { describe, expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { runPoints, uncertainDeaths } from './f2.ts';

describe.each(engineNames)('F2 over %s', async (engine) => {
  const ground = await freshEngine(engine);

  it('a death at any stop of the path costs no mail and repeats none', { timeout: 120_000 }, async () => {
    for (const report of await runPoints({ ...ground, engine }, { times: 1, leads: 12, leaseMs: 500 })) {
      const { death, lost, twice, untrue, unknown } = report;
      expect({ death, lost, twice, untrue }).toEqual({ death, lost: 0, twice: 0, untrue: 0 });
      if (!uncertainDeaths.includes(death)) expect({ death, unknown }).toEqual({ death, unknown: 0 });
    }
  });
});
