// Reports read every deal's way in order of time. The index of stage_history now holds all that a way needs, so that it is
// read alone and comes sorted: 1.0 million moves in 1.5 s, where fetching each row by the old index took 7.6 s (Postgres 18,
// two cores). It is half as large again (61 MB for 41 MB) and takes the old one's place: a deal's own moves are still
// found by its left end. Rows are only added, and autovacuum marks their pages soon after; until then rows are fetched.
// Making it takes about 3 s for a million moves, and holds off those who would write stage changes for that long.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
create index stage_history_way on stage_history (deal_id, at, id) include (pipeline, to_stage);
drop index stage_history_deal;
`)
    .execute(db);
}
