// F17, the short form: 1,000 requests by dice, 40 slow clients. No time is judged here.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { isHttpMet, runHttp } from './f17.ts';

const { db, url } = await freshLedger();

it('whatever is asked of the front door, it answers, shows nothing of itself and lets go', {
  timeout: 400_000,
}, async () => {
  const ground = { engine: 'postgres', db, databaseUrl: url, redisUrl: undefined } as const;
  const report = await runHttp(ground, { requests: 1_000, atOnce: 8, slow: 40, large: 4, seed: 20261123 });
  expect(report).toMatchObject({ serverErrors: 0, leaks: 0, honestFailed: 0, held: 0 });
  expect(report.asked).toBeGreaterThanOrEqual(1_000);
  expect(isHttpMet(report, false)).toBe(true);
});
