// F20, the short form: two of four contacts who used everything are erased, and 60 people in the middle of their mails.
import { describe, expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { isErasureMet, runErasure } from './f20.ts';

describe.each(engineNames)('F20 over %s', async (engine) => {
  const ground = await freshEngine(engine);

  it('of who was erased nothing is left but the proof and the keyed hash', { timeout: 400_000 }, async () => {
    const report = await runErasure({ ...ground, engine }, { people: 4, sends: 60, seed: 20 });
    expect(report).toMatchObject({ erased: 2, hits: 0, where: [], numbers: 0, mailsAfter: 0, after: 0 });
    expect(isErasureMet(report)).toBe(true);
  });
});
