// A bare pg pool: behind Kysely, and for what needs one beside it, the queue's Postgres backend. An idle connection that
// drops is the pool's affair and is only reported; without a listener, on the pool and on each connection in use, it
// would end the process.
import pg from 'pg';

export interface PoolOptions {
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Settings of every session of this pool, as `name=value`. */
  readonly settings?: readonly string[];
  /** How values come back; pg's own way where it is left out. */
  readonly types?: pg.CustomTypesConfig;
  readonly connectMs: number;
  /** Left out: a statement may take as long as it needs. */
  readonly queryMs?: number;
  onError(error: Error): void;
}

export function openPool(url: string, options: PoolOptions): pg.Pool {
  const { max, name, settings = [], types, connectMs, queryMs, onError } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    ...(queryMs === undefined ? {} : { query_timeout: queryMs }),
    ...(types === undefined ? {} : { types }),
  });
  pool.on('error', onError);
  pool.on('connect', (client) => {
    client.on('error', onError);
    connected.set(pool, countConnected(pool) + 1);
  });
  pool.on('remove', () => connected.set(pool, countConnected(pool) - 1));
  return pool;
}

/** Connections that the server still has. A pool forgets one as soon as it has asked it to end. */
const connected = new WeakMap<pg.Pool, number>();
const countConnected = (pool: pg.Pool) => connected.get(pool) ?? 0;

const endPatienceMs = 2_000;

/**
 * Resolves once every connection is closed: `end` alone only asks for it, and a server that stops next would still
 * have something to say on them.
 */
export async function endPool(pool: pg.Pool): Promise<void> {
  await pool.end();
  await new Promise<void>((resolve) => {
    const look = () => countConnected(pool) === 0 && resolve();
    pool.on('remove', look);
    setTimeout(resolve, endPatienceMs).unref();
    look();
  });
}
