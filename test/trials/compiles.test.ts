// How often MJML runs, the short form: 300 sends.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { areCompilesMet, runCompiles } from './compiles.ts';

const { db, url } = await freshLedger();

it('a template is compiled once for each locale when it is applied, and never while mail goes out', {
  timeout: 400_000,
}, async () => {
  const ground = { engine: 'postgres', db, databaseUrl: url, redisUrl: undefined } as const;
  const report = await runCompiles(ground, { sends: 300 });
  expect(report).toMatchObject({ bodies: 4, compiledByApply: 4, compiledByWorkers: 0, accepted: 300 });
  expect(report.inRussian).toBe(150);
  expect(areCompilesMet(report)).toBe(true);
});
