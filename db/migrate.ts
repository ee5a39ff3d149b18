// Brings the ledger up to this program, by Kysely's own Migrator over a list that can be read here.
// Promises: safe to run from several processes at once (an advisory lock), one transaction for all that is missing.
// Breaks if a migration that has ever landed is renamed, reordered or edited.
import { type Migration, Migrator, sql } from 'kysely';
import type { Db } from './connect.ts';
import * as contactsAndEvents from './migrations/0001-contacts-and-events.ts';
import * as plansAndRuns from './migrations/0002-plans-and-runs.ts';
import * as deliveriesAndKeys from './migrations/0003-deliveries-and-keys.ts';
import * as secretPrint from './migrations/0004-secret-print.ts';
import * as tasksAndSurveys from './migrations/0005-tasks-and-surveys.ts';
import * as scoresAndCalls from './migrations/0006-scores-and-calls.ts';
import * as doorsAndVersions from './migrations/0007-doors-and-versions.ts';
import * as hits from './migrations/0008-hits.ts';
import * as consents from './migrations/0009-consents.ts';
import * as sendingRules from './migrations/0010-sending-rules.ts';
import * as deaths from './migrations/0011-deaths.ts';
import * as erasure from './migrations/0013-erasure.ts';
import * as tasksTold from './migrations/0014-tasks-told.ts';
import * as stageWays from './migrations/0017-stage-ways.ts';
import * as batches from './migrations/0018-batches.ts';

const migrations: Record<string, Migration> = {
  '0001-contacts-and-events': contactsAndEvents,
  '0002-plans-and-runs': plansAndRuns,
  '0003-deliveries-and-keys': deliveriesAndKeys,
  '0004-secret-print': secretPrint,
  '0005-tasks-and-surveys': tasksAndSurveys,
  '0006-scores-and-calls': scoresAndCalls,
  '0007-doors-and-versions': doorsAndVersions,
  '0008-hits': hits,
  '0009-consents': consents,
  '0010-sending-rules': sendingRules,
  '0011-deaths': deaths,
  '0013-erasure': erasure,
  '0014-tasks-told': tasksTold,
  '0017-stage-ways': stageWays,
  '0018-batches': batches,
};
const table = 'migrations';
const oldestServer = 15;

/** Answers the names of what was applied now. Throws one line when the ledger is newer than this program. */
export async function migrate(db: Db): Promise<string[]> {
  await checkServer(db);
  await checkNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: table,
    migrationLockTableName: `${table}_lock`,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  const failed = results.find((one) => one.status === 'Error');
  if (error !== undefined)
    throw new Error(`The ledger could not be migrated${failed ? ` at ${failed.migrationName}` : ''}`, {
      cause: error,
    });
  return results.map((one) => one.migrationName);
}

/** For those who must not migrate: throws one line when the ledger is older than this program, or newer. */
export async function checkMigrated(db: Db): Promise<void> {
  const gap = await findGap(db);
  if (gap !== null) throw new Error(gap);
}

/** In one line, where the ledger is older than this program, or newer; null: they fit. */
export async function findGap(db: Db): Promise<string | null> {
  const applied = await readApplied(db);
  const missing = Object.keys(migrations).filter((name) => !applied.includes(name));
  const lacks = `The ledger lacks ${missing.join(', ')}: run \`voronka migrate\` first.`;
  return findNewer(applied) ?? (missing.length > 0 ? lacks : null);
}

function findNewer(applied: readonly string[]): string | null {
  const unknown = applied.filter((name) => !(name in migrations)).at(-1);
  return unknown === undefined
    ? null
    : `The ledger is newer than this program (it has migration ${unknown}): run the version that made it, or a newer one.`;
}

async function checkServer(db: Db): Promise<void> {
  const { rows } = await sql<{ major: number }>`
    select current_setting('server_version_num')::int / 10000 as major`.execute(db);
  const major = rows[0]?.major ?? 0;
  if (major < oldestServer)
    throw new Error(`The ledger needs Postgres ${oldestServer} or newer; DATABASE_URL leads to ${major}.`);
}

async function checkNewer(db: Db): Promise<void> {
  const newer = findNewer(await readApplied(db));
  if (newer !== null) throw new Error(newer);
}

/** Names in order; none where nothing was ever applied. */
async function readApplied(db: Db): Promise<string[]> {
  const { rows: found } = await sql<{ is: boolean }>`select to_regclass(${table}) is not null as is`.execute(
    db,
  );
  if (!found[0]?.is) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(
    db,
  );
  return rows.map((row) => row.name);
}
