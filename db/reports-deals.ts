// What a report must know of a pipeline before it counts: the currencies of its deals, and when the first of them began.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

/** In which the deals of a pipeline are priced. */
export async function readCurrencies(db: Db, pipeline: string): Promise<string[]> {
  const { rows } = await sql<{ currency: string }>`
    select distinct currency from deals where pipeline = ${pipeline} and currency is not null order by 1`.execute(
    db,
  );
  return rows.map((row) => row.currency);
}

/** When the first deal of a pipeline began; null: none did. */
export async function readBeginning(db: Db, pipeline: string): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select ms(min(at)) as at from stage_history where pipeline = ${pipeline}`.execute(db);
  return rows[0]?.at ?? null;
}
