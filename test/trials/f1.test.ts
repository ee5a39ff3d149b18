// F1, the short form: 20 kills over 2,000 sends, on both engines.
import { describe, expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { runKills } from './f1.ts';

const seed = 20261123;
const kills = 20;
/**
 * The bar is 1.2 a kill, judged by the long form's 150 kills. Twenty are a sample of it: a count of mean 24 lies below
 * 24 + 3 sqrt(24) in 999 of 1,000 (Poisson), so more than that is a breach and less is chance.
 */
const mostUnknown = 1.2 * kills + 3 * Math.sqrt(1.2 * kills);

describe.each(engineNames)('F1 over %s', async (engine) => {
  const ground = await freshEngine(engine);

  it('20 kills over 2,000 sends lose nothing, send nothing twice, and list what is unknown', {
    timeout: 120_000,
  }, async () => {
    const trial = { sends: 2_000, kills, replyMs: 3, seed, workers: 3, leaseMs: 3_000 };
    const report = await runKills({ ...ground, engine }, trial);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ lost: 0, twice: 0, untrue: 0, maimed: 0 });
    expect(report.unknownPerKill * kills).toBeLessThanOrEqual(mostUnknown);
  });
});
