// Who was in the hands of a worker that died: one contact whose facts end the process (its memory, a fault below
// JavaScript) would take every worker after it, and all others who are due in the same batch, over and over.
// held_batches: one row a batch, written outside the batch's transaction and named by its number, so that the server itself
// can say later what became of it. batch_deaths: contacts that were in a batch that ended so, and how often.
// Both are unlogged: they cost no wait for the disk, and a crash of Postgres, which ends batches without anybody's
// fault, empties them. No lock on any other table.
import { type Kysely, sql } from 'kysely';

const tables = `
create unlogged table held_batches (
  xid         xid8 primary key,
  contact_ids bigint[] not null
);
create unlogged table batch_deaths (
  contact_id bigint primary key,
  deaths     integer not null
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(tables).execute(db);
}
