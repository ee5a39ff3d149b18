// Opens the ledger: the Postgres of DATABASE_URL, or the one in the data folder. Ours alone is brought up to date
// by whoever opens it; a shared one only by `up` and `migrate`, so that a deploy decides when.
import { type Clock, close, connect, type Db, databaseClock } from '../db/connect.ts';
import { joinEmbedded, startEmbedded } from '../db/embedded.ts';
import { checkMigrated, migrate } from '../db/migrate.ts';
import { isUntouched } from '../db/untouched.ts';
import type { Deps } from './deps.ts';
import { complaint } from './streams.ts';

export interface Ledger {
  readonly db: Db;
  /** Also where the queue lives when there is no Redis. */
  readonly url: string;
  readonly clock: Clock;
  /** The migrations that were applied while it was opened. */
  readonly migrated: readonly string[];
}

/** What a command does with the ledger beside using it. */
export interface Manners {
  readonly isMigrating?: boolean;
  /** True for the short commands: they also look in on a ledger that another process holds open. */
  readonly isGuest?: boolean;
  /** True where a ledger that holds anything is refused, before it is so much as migrated. */
  readonly isFresh?: boolean;
}

export async function openLedger(
  deps: Deps,
  name: string,
  { isMigrating = false, isGuest = false, isFresh = false }: Manners = {},
): Promise<Ledger> {
  const { config, log, closings } = deps;
  const shared = config.databaseUrl ?? (isGuest ? await joinEmbedded(config.home) : null);
  const url = shared ?? (await startOwn(deps));
  const db = connect(url, { max: 10, name: `voronka ${name}`, log });
  closings.add('ledger', () => close(db));
  if (isFresh && !(await isUntouched(db)))
    throw complaint(
      2,
      `The ledger that DATABASE_URL leads to is in use, and ${name} plays only on an empty one: ` +
        'unset DATABASE_URL, or make a database for it (createdb).',
    );
  const migrated = shared === null || isMigrating ? await migrate(db) : [];
  if (shared !== null && !isMigrating) await checkMigrated(db);
  return { db, url, clock: databaseClock(db), migrated };
}

async function startOwn({ config, log, closings }: Deps): Promise<string> {
  const embedded = await startEmbedded({ folder: config.home, log });
  closings.add('embedded Postgres', embedded.stop);
  return embedded.url;
}
