// F10, the short form: 40 deals whose events come twelve times each, and a CSV of 20 rows.
import { expect, it } from 'vitest';
import { freshLedger } from '../harness/postgres.ts';
import { isRepeatMet, runRepeats } from './f10.ts';

const { db, url } = await freshLedger();

it('what comes again and again, in any order, enters once and is written to once', {
  timeout: 400_000,
}, async () => {
  const ground = { engine: 'postgres', db, databaseUrl: url, redisUrl: undefined } as const;
  const report = await runRepeats(ground, { deals: 40, copies: 10, rows: 20, seed: 20261123 });
  expect(report).toMatchObject({ events: 80, sent: 960, accepted: 80, duplicates: 880, imported: 40 });
  expect(report).toMatchObject({ enteredTwice: 0, missing: 0, mailedTwice: 0, unmailed: 0, misplaced: 0 });
  expect(report).toMatchObject({ answeredWrong: 0, importedAgain: 0 });
  expect(isRepeatMet(report)).toBe(true);
});
