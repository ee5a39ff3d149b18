import { expect, it } from 'vitest';
import { agreeOnSecret } from '../../db/secret.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();

it('a ledger keeps the first secret and knows it again', async () => {
  expect(await agreeOnSecret(db, 'first')).toBe(true);
  expect(await agreeOnSecret(db, 'first')).toBe(true);
  expect(await agreeOnSecret(db, 'other')).toBe(false);
});
