// The ledger's connection: Kysely over a pool, its lane beside it, transactions that begin again, and the clock that
// production reads. Breaks if a handle is destroyed past `close`: its lane would keep the process alive.
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { openLane } from './lane.ts';
import { type ConnectOptions, openLedgerPool } from './ledger-pool.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** Business time. Leases do not use it: they stand on the database's own clock. */
export interface Clock {
  now(): Promise<number>;
}

export function connect(url: string, options: ConnectOptions): Db {
  const pool = openLedgerPool(url, [], options);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  lanes.set(db, openLane(url, options));
  return db;
}

export async function close(db: Db): Promise<void> {
  await lanes.get(db)?.destroy();
  await db.destroy();
}

const lanes = new WeakMap<object, Db>();

/** The lane of this handle (lane.ts); inside a transaction, or with plugins, the handle itself. */
export const laneOf = <T extends Db>(db: T): T | Db => lanes.get(db) ?? db;

const tries = 5;

/** Runs `work` in a transaction, and again where the same may pass the second time; `attempt` counts from 1. */
export async function transact<T>(db: Db, work: (tx: Tx, attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute((tx) => work(tx, attempt));
    } catch (error) {
      if (attempt >= tries || !mayPass(error)) throw error;
    }
  }
}

/** Two senders met: the loser begins again, and then sees what the winner wrote. */
const meetings = ['contacts_key_key', 'deals_key_key', 'events_source_id_key'];

/** Thrown where what was read is gone by the time it is held: the second time it is not found at all. */
export const overtaken = new Error('what a transaction had read was gone when it was held');

/** Serialization failures and deadlocks, and unique violations that are only a race. */
function mayPass(error: unknown): boolean {
  if (error === overtaken) return true;
  if (!(error instanceof pg.DatabaseError)) return false;
  return (
    ['40001', '40P01'].includes(error.code ?? '') ||
    (error.code === '23505' && meetings.includes(error.constraint ?? ''))
  );
}

export function databaseClock(db: Db): Clock {
  return {
    now: async () => {
      const { rows } = await sql<{ now: number }>`select ms(clock_timestamp()) as now`.execute(db);
      const now = rows[0]?.now;
      if (now === undefined) throw new Error('the ledger did not answer with its time');
      return now;
    },
  };
}
