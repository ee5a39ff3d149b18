// Both queue engines, so that one test runs over each: Redis where it is installed, and the Postgres backend.
import { afterAll } from 'vitest';
import { freshLedger } from './postgres.ts';
import { redisAvailable, startRedis } from './redis.ts';

export type EngineName = 'redis' | 'postgres';
export const engineNames: readonly EngineName[] = redisAvailable ? ['redis', 'postgres'] : ['postgres'];

/** What openQueues needs, and the ledger beside it. Call it awaited, inside a describe or at a file's top. */
export async function freshEngine(name: EngineName) {
  const { db, url } = await freshLedger();
  if (name === 'postgres') return { db, databaseUrl: url, redisUrl: undefined, redis: null };
  const redis = await startRedis();
  afterAll(() => redis.stop());
  return { db, databaseUrl: url, redisUrl: redis.url, redis };
}
