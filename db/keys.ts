// API keys: shown once, stored hashed. A random secret of 192 bits needs no slow hash: there is nothing to guess.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Db } from './connect.ts';

export type Scope = 'ingest' | 'read' | 'admin';
export interface Key {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
}

const shape = /^vk_([0-9a-f]{12})_([A-Za-z0-9_-]{32})$/;

/** Answers the secret, for the only time. */
export async function createKey(
  db: Db,
  { name, scope, now }: { readonly name: string; readonly scope: Scope; readonly now: number },
): Promise<string> {
  const prefix = randomBytes(6).toString('hex');
  const secret = `vk_${prefix}_${randomBytes(24).toString('base64url')}`;
  await db
    .insertInto('api_keys')
    .values({ name, scope, prefix, hash: hashOf(secret), created_at: new Date(now), revoked_at: null })
    .execute();
  return secret;
}

/** null: no such key, or revoked. */
export async function checkKey(db: Db, secret: string): Promise<Key | null> {
  const prefix = shape.exec(secret)?.[1];
  if (prefix === undefined) return null;
  const row = await db
    .selectFrom('api_keys')
    .select(['id', 'name', 'scope', 'hash'])
    .where('prefix', '=', prefix)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row || !timingSafeEqual(row.hash, hashOf(secret))) return null;
  return { id: row.id, name: row.name, scope: row.scope };
}

/** For a session that was opened with this key. */
export async function isKeyLive(db: Db, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('api_keys')
    .select('id')
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** False where no live key has that name. */
/** Answers how many live keys had that name. */
export async function revokeKeys(db: Db, name: string, now: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date(now) })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export interface ListedKey {
  readonly name: string;
  readonly scope: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** Revoked ones too, newest first. */
export async function listKeys(db: Db): Promise<ListedKey[]> {
  return db
    .selectFrom('api_keys')
    .select(['name', 'scope', 'prefix', 'created_at as createdAt', 'revoked_at as revokedAt'])
    .orderBy('id', 'desc')
    .execute();
}

export async function hasKeys(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('api_keys')
    .select('id')
    .where('revoked_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
