// What every session of the ledger is told at its start, and how its values come back.
// Promises: bigints arrive as text, timestamptz as epoch milliseconds, numeric as a number; every session speaks UTC.
// Breaks if another pool is opened beside it with pg's default parsers: instants would then come back as Dates.
import pg from 'pg';
import type { Logger } from 'pino';
import { endPool, openPool } from './pool.ts';

export interface ConnectOptions {
  /** Connections at most. */
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** How long a statement may stay without an answer; left out: as long as it needs. */
  readonly queryMs?: number;
  readonly log?: Logger;
}

// The batch statements look expensive to the planner, and compiling one takes longer than running it.
// A role or a database may have switched off waiting for the disk; the fence rests on it.
const common = ['TimeZone=UTC', 'jit=off', 'synchronous_commit=on'];

/** As Kysely uses it; `end` resolves once every connection is closed. */
export interface LedgerPool {
  connect(): Promise<pg.PoolClient>;
  end(): Promise<void>;
}

export function openLedgerPool(
  url: string,
  settings: readonly string[],
  { max, name, queryMs, log }: ConnectOptions,
): LedgerPool {
  const pool = openPool(url, {
    max,
    name,
    settings: [...common, ...settings],
    types: { getTypeParser: parserOf },
    connectMs: 10_000,
    ...(queryMs === undefined ? {} : { queryMs }),
    // Lost while idle, it is replaced on the next query; lost in use, the next statement tells its caller.
    onError: (error) => log?.debug({ error: error.message }, 'a ledger connection was lost'),
  });
  return { connect: () => pool.connect(), end: () => endPool(pool) };
}

/** "2026-11-23 10:00:00.123+00" to epoch milliseconds; sessions are in UTC, so the offset is always +00. */
function parseInstant(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, 'Z')}`);
}

const timestamptz = 1184;
const numeric = 1700;
const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (oid === timestamptz) return parseInstant;
  if (oid === numeric) return Number;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
};
