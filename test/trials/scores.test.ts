// The short form: 200 contacts with 20 events each, in four rounds.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { runScores } from './scores.ts';

const { db, url } = await freshLedger();

it('running scores equal the fold of the log, and changed rules count everybody anew', {
  timeout: 400_000,
}, async () => {
  const ground = { engine: 'postgres' as const, db, databaseUrl: url, redisUrl: undefined };
  const report = await runScores(ground, { contacts: 200, events: 20, rounds: 4, seed: 20261123 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.worst).toBeLessThan(1e-9);
  expect(report.worstAnew).toBeLessThan(1e-9);
  expect(report.recounted).toBe(400);
  expect(report.runs).toBeGreaterThan(0);
});
