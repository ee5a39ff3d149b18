// The ledger's beginning: migrating twice changes nothing, and a ledger from the future is refused in one line.
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { databaseClock } from '../../db/connect.ts';
import { checkMigrated, migrate } from '../../db/migrate.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();

it('migrates a migrated ledger to nothing new', async () => {
  expect(await migrate(db)).toEqual([]);
});

it('says which migration a program that may not migrate is missing', async () => {
  await expect(checkMigrated(db)).resolves.toBeUndefined();
  await sql`update migrations set name = '0000-other' where name = '0004-secret-print'`.execute(db);
  await expect(checkMigrated(db)).rejects.toThrow('newer');
  await sql`delete from migrations where name = '0000-other'`.execute(db);
  await expect(checkMigrated(db)).rejects.toThrow(
    'The ledger lacks 0004-secret-print: run `voronka migrate` first.',
  );
  await sql`insert into migrations (name, timestamp) values ('0004-secret-print', '2026')`.execute(db);
});

it('reads instants as epoch milliseconds and bigints as text', async () => {
  const { rows } = await sql`
    select timestamptz '2026-11-23T10:00:00.123+02' as at, 9007199254740993 as id, 12.5::numeric as amount,
      ms(timestamptz '2026-11-23T08:00:00.123Z') as ms, instant(1795420800123) as instant`.execute(db);
  const at = Date.parse('2026-11-23T08:00:00.123Z');
  expect(rows).toEqual([{ at, id: '9007199254740993', amount: 12.5, ms: at, instant: 1795420800123 }]);
});

it('reads the production clock from the database', async () => {
  expect(Math.abs((await databaseClock(db).now()) - Date.now())).toBeLessThan(60_000);
});

it('refuses a ledger that is newer than the program, and names what it does not know', async () => {
  await sql`insert into migrations (name, timestamp) values ('9999-from-the-future', '2030')`.execute(db);
  await expect(migrate(db)).rejects.toThrow(
    'The ledger is newer than this program (it has migration 9999-from-the-future): run the version that made it, or a newer one.',
  );
});
