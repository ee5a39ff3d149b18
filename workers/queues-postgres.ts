// The doorbell without Redis: BullMQ's Postgres backend, in the schema `bullmq` of the ledger's database. It cannot
// join our transactions and need not: a ring is worth nothing once the sweep has passed. That is also why its
// commits do not wait for the disk.
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  LATEST_SCHEMA_VERSION,
  type PgPool,
  runMigrations,
  withBackend,
} from 'bullmq';
import type { Logger } from 'pino';
import { endPool, openPool } from '../db/pool.ts';
import { describe } from './outage.ts';
import { type Engine, jobSettings, workerSettings } from './queues-engine.ts';

// Each worker holds one connection to listen on; the rest are for adding, claiming and finishing.
const connections = 6;
const schema = 'bullmq';
const bull = withBackend(createPostgresBackend);

export async function openPostgres({ url, log }: { url: string; log: Logger }): Promise<Engine> {
  const pool = openPool(url, {
    max: connections,
    name: 'voronka-queue',
    settings: [`search_path=${schema}`, 'synchronous_commit=off'],
    // Bounded, so that a database that hangs costs its caller an error and never the caller's own life.
    connectMs: 2_000,
    queryMs: 10_000,
    onError: (error) => log.debug(describe(error), 'a connection of the queue dropped'),
  });
  // Each queue and each worker adds one listener for dropped connections; none of them is a leak.
  pool.setMaxListeners(50);
  // BullMQ's own description of a pool is narrower than @types/pg's in its overloads; it is one all the same.
  const connection = pool as unknown as PgPool;
  try {
    await prepare(pool);
  } catch (error) {
    await endPool(pool);
    throw error;
  }
  return {
    kind: 'postgres',
    openQueue: (name) => new bull.Queue(name, { connection, defaultJobOptions: jobSettings }),
    openWorker: (name, answer) => new bull.Worker(name, answer, { connection, ...workerSettings }),
    ping: () => pool.query('select 1'),
    close: () => endPool(pool),
  };
}

/** Brings the schema up where it is missing or older; one reading statement where it is not. */
async function prepare(pool: ReturnType<typeof openPool>): Promise<void> {
  const client = await pool.connect();
  try {
    const version = await assertSchemaCompatibility(client, schema).catch(isMissing);
    if (version < LATEST_SCHEMA_VERSION) await runMigrations(client, schema);
  } finally {
    client.release();
  }
}

function isMissing(error: Error): number {
  if (error.name === 'SchemaMigrationRequiredError') return 0;
  throw error;
}
