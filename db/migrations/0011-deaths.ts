// How often a worker died with a delivery in its hands: one that kills its workers is at last put aside, with its reason.
// The column has a constant default, so no row is rewritten; the lock is held for an instant.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table deliveries add column deaths integer not null default 0').execute(db);
}
