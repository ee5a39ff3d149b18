// The lane: connections for the few statements that run for every mail, over a handful of rows found by their keys.
// Planning one of them costs twice what running it does (measured at five rows: 236 us of Postgres a row, 31 us here), so
// they are prepared and planned once: by index alone, because a plan made while the tables were small would else go
// on reading them whole when they have grown.
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { type ConnectOptions, openLedgerPool } from './ledger-pool.ts';
import type { Schema } from './schema.ts';

/** Claiming, committing, settling and noting batches, each one at a time. No connection is opened before the first. */
const laneConnections = 4;
/** They take milliseconds: a server that says nothing for so long is out of reach, however open its connection looks. */
const silentMs = 30_000;
const planning = [
  'plan_cache_mode=force_generic_plan',
  ...['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((one) => `enable_${one}=off`),
];

export function openLane(url: string, { queryMs = silentMs, ...options }: ConnectOptions): Kysely<Schema> {
  const pool = openLedgerPool(url, planning, {
    ...options,
    max: Math.min(options.max, laneConnections),
    queryMs,
  });
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `lane_${names.size}`;
    names.set(text, name);
    return name;
  };
  return new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: { connect: async () => preparing(await pool.connect(), nameOf), end: () => pool.end() },
    }),
  });
}

/**
 * The client as Kysely uses it, with every statement under a name of its own: the server plans it once. One that failed
 * without a word of the server is not given back: what it asked for may still be answered, to whoever asks next.
 */
function preparing(client: pg.PoolClient, nameOf: (text: string) => string): PostgresPoolClient {
  let lost: Error | undefined;
  const query = async (text: unknown, values: readonly unknown[] = []) => {
    try {
      return await client.query({ name: nameOf(String(text)), text: String(text), values: [...values] });
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) lost = error as Error;
      throw error;
    }
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(lost) };
}
