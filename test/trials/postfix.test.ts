// The relay, the short form: 30 mails through a Postfix, 5 of them to the dead. Skipped where Postfix cannot run.
import { describe, expect, it } from 'vitest';
import { postfixProblem } from '../harness/postfix.ts';
import { freshLedger } from '../harness/postgres.ts';
import { isRelayMet, runRelay } from './postfix.ts';

const problem = postfixProblem();
if (problem !== null)
  process.stderr.write(`\n*** ${problem}: the trial with a real relay is SKIPPED, not tested ***\n\n`);

describe.skipIf(problem !== null)('behind a Postfix', async () => {
  const { db, url } = await freshLedger();

  it('the living get one mail each, signed, and the dead come back and are suppressed', {
    timeout: 400_000,
  }, async () => {
    const ground = { engine: 'postgres', db, databaseUrl: url, redisUrl: undefined } as const;
    const report = await runRelay(ground, { sends: 30, dead: 5, seed: 4 });
    expect(report).toMatchObject({ living: 25, dead: 5, arrived: 25, dkimPassed: 25, bounces: 5 });
    expect(report).toMatchObject({ lost: 0, twice: 0, astray: 0, suppressed: 5, saidSo: 5, wronged: 0 });
    expect(isRelayMet(report)).toBe(true);
  });
});
