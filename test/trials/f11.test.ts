// F11, the short form: 300 unsubscriptions in the middle of 300 sends, on both engines.
import { describe, expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { runRace } from './f11.ts';

describe.each(engineNames)('F11 over %s', async (engine) => {
  const ground = await freshEngine(engine);

  it('no dot follows the commit of an unsubscription', { timeout: 400_000 }, async () => {
    const report = await runRace({ ...ground, engine }, { sends: 300, reply: 3, atOnce: 4, seed: 11 });
    expect(report).toMatchObject({ unsubscribed: 300, after: 0 });
  });
});
