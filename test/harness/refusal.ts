// A ledger that cannot hold what becomes of some: whoever stands at a step cannot be moved on, as if their data were too
// long for a column. Until the test is over, or until the answered function is called.
import { sql } from 'kysely';
import { onTestFinished } from 'vitest';
import type { Db } from '../../db/connect.ts';

/** Answers how to relent. */
export async function refuseMoves(db: Db, node: string): Promise<() => Promise<void>> {
  const relent = async () => void (await sql`drop function if exists refuse cascade`.execute(db));
  onTestFinished(relent);
  await sql`
    create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'value too long' using errcode = '22001'; end $$`.execute(db);
  await sql`
    create trigger refuse before update on runs for each row
    when (old.node = ${sql.lit(node)}) execute function refuse()`.execute(db);
  return relent;
}

export const readParked = (db: Db) =>
  db.selectFrom('contacts').select('parked_why').where('parked_at', 'is not', null).execute();
