// F2, the short form: one death at each named stop of the path, on both engines.
import { describe, expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { isKept, points, runPoints } from './f2.ts';

describe.each(engineNames)('F2 over %s', async (engine) => {
  const ground = await freshEngine(engine);

  it('a death at any stop of the path costs no mail and repeats none', { timeout: 400_000 }, async () => {
    const reports = await runPoints({ ...ground, engine }, { times: 1, leads: 12, lease: 500 });
    expect(reports.filter((report) => !isKept(report))).toEqual([]);
    expect(reports).toHaveLength(points.length);
  });
});
