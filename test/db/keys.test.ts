// API keys: shown once, stored hashed, dead when revoked.
import { expect, it } from 'vitest';
import { checkKey, createKey, hasKeys, isKeyLive, revokeKeys } from '../../db/keys.ts';
import { monday } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();

it('knows a key by its secret alone, and keeps the secret nowhere', async () => {
  expect(await hasKeys(db)).toBe(false);
  const secret = await createKey(db, { name: 'crm', scope: 'ingest', now: monday });
  expect(secret).toMatch(/^vk_[0-9a-f]{12}_[\w-]{32}$/);
  expect(await checkKey(db, secret)).toEqual({ id: '1', name: 'crm', scope: 'ingest' });
  const [row] = await db.selectFrom('api_keys').selectAll().execute();
  expect(JSON.stringify(row)).not.toContain(secret.slice(16));
});

it.each(['', 'vk_', 'Bearer x', `vk_${'0'.repeat(12)}_${'a'.repeat(32)}`])(
  'does not know %j',
  async (secret) => {
    expect(await checkKey(db, secret)).toBeNull();
  },
);

it('does not know a key with another end, nor one that was revoked', async () => {
  const secret = await createKey(db, { name: 'old', scope: 'admin', now: monday });
  expect(await checkKey(db, `${secret.slice(0, -4)}AAAA`)).toBeNull();
  const { id = '' } = (await checkKey(db, secret)) ?? {};
  expect(await isKeyLive(db, id)).toBe(true);
  expect(await revokeKeys(db, 'old', monday)).toBe(1);
  expect(await isKeyLive(db, id)).toBe(false);
  expect(await revokeKeys(db, 'old', monday)).toBe(0);
  expect(await checkKey(db, secret)).toBeNull();
});
