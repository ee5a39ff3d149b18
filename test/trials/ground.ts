// What a trial stands on: an empty migrated ledger and a queue engine. The suite lends its own; alone (`npm run trials`) a
// trial starts a Postgres with production's durability, and a Redis.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { close, connect, type Db } from '../../db/connect.ts';
import { startEmbedded } from '../../db/embedded.ts';
import { migrate } from '../../db/migrate.ts';
import { startRedis } from '../harness/redis.ts';

export interface Ground {
  readonly engine: 'redis' | 'postgres';
  readonly db: Db;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

/** Lends a ground to `trial`, and clears it away. */
export async function onOwnGround<T>(
  engine: Ground['engine'],
  trial: (ground: Ground) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-trial-'));
  const log = pino({ level: 'warn' }, pino.destination(2));
  const postgres = await startEmbedded({ folder, log });
  const redis = engine === 'redis' ? await startRedis() : null;
  const db = connect(postgres.url, { max: 8, name: 'trial', log });
  try {
    await migrate(db);
    return await trial({ engine, db, databaseUrl: postgres.url, redisUrl: redis?.url });
  } finally {
    await close(db);
    await redis?.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
