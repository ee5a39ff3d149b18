// Is this database free to be played with? For a demo that must not write into anybody's ledger.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

/** True where nothing of ours is there, or only empty tables. */
export async function isUntouched(db: Db): Promise<boolean> {
  const { rows: found } = await sql<{
    is: boolean;
  }>`select to_regclass('contacts') is not null as is`.execute(db);
  if (!found[0]?.is) return true;
  const { rows } = await sql<{ is: boolean }>`
    select exists (select 1 from contacts) or exists (select 1 from plans) as is`.execute(db);
  return !rows[0]?.is;
}
