// Batches of contacts that are in a worker's hands, so that one contact that ends its worker is found: each death that
// a contact was near halves, by far, the company in which it is claimed next, until it is alone, and is then parked.
// Promises: of a batch that commits nothing is left after the next look of the sweep, nor of one that fails in an orderly
// way (`forgetBatch`); every note is judged by what Postgres says of its transaction. Breaks if a row is written inside the transaction that it is about.
import { sql } from 'kysely';
import { type Db, laneOf, type Tx } from './connect.ts';

/** In a batch after so many deaths: all that are due, then fifty, five, and at last one contact alone. */
export const companyAfter = [500, 50, 5, 1] as const;
/** Three of them alone. */
export const deathsAllowed = 6;

/**
 * Before anything is decided about them; on another connection than the batch's own, and none that a request could have taken
 * which waits for these very contacts: the two would wait for each other until one gave up.
 */
export async function noteBatch(db: Db, xid: string, contactIds: readonly string[]): Promise<void> {
  await sql`insert into held_batches values (${xid}::xid8, ${contactIds}::bigint[])`.execute(laneOf(db));
}

/** The worker lives, and knows of the failure: nobody in the batch is to blame for a death. */
export async function forgetBatch(db: Db, xid: string): Promise<void> {
  await sql`delete from held_batches where xid = ${xid}::xid8`.execute(laneOf(db));
}

/**
 * What became of the batches that are over. Answers contacts with whom at hand worker after worker has died, and begins
 * their count anew; they are to be parked in the same transaction.
 */
export async function judgeBatches(tx: Tx): Promise<string[]> {
  await sql`
    with over as (
      delete from held_batches
      where xid < pg_snapshot_xmax(pg_current_snapshot()) and coalesce(pg_xact_status(xid), 'forgotten') <> 'in progress'
      returning contact_ids, pg_xact_status(xid) = 'aborted' as died
    ),
    passed as (select distinct id from over, unnest(contact_ids) as id where died is not true),
    cleared as (delete from batch_deaths using passed where contact_id = id),
    died as (
      select id, count(*)::int as times from over, unnest(contact_ids) as id
      where died and id not in (select id from passed) group by id
    )
    insert into batch_deaths select id, times from died
    on conflict (contact_id) do update set deaths = batch_deaths.deaths + excluded.deaths`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    delete from batch_deaths where deaths >= ${deathsAllowed} returning contact_id as id`.execute(tx);
  return rows.map(({ id }) => id);
}
