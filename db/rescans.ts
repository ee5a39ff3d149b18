// Counting anew after scores.yaml has changed: how far it has come, in one row. Whoever goes on holds the row.
import { sql } from 'kysely';
import type { Db, Tx } from './connect.ts';

export interface Rescan {
  readonly startedAt: number;
  /** null: under way. */
  readonly finishedAt: number | null;
  readonly contacts: number;
  readonly done: number;
}

/** `rules`: their hash. The same as before begins nothing. */
export async function beginRescan(tx: Tx, rules: string, now: number): Promise<void> {
  await sql`
    insert into rescans (started_at, contacts, rules)
    select instant(${now}), (select count(*) from contacts), ${rules}::text
    on conflict (single) do update set started_at = excluded.started_at, finished_at = null, after_id = 0,
      contacts = excluded.contacts, done = 0, rules = excluded.rules
    where rescans.rules <> excluded.rules`.execute(tx);
}

/** null: nothing was ever counted anew. */
export async function readRescan(db: Db | Tx): Promise<Rescan | null> {
  const { rows } = await sql<Rescan>`
    select ms(started_at) as "startedAt", ms(finished_at) as "finishedAt", contacts::int, done::int from rescans`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** The next contacts, in order of id; the row is held. null: nothing is under way, or somebody else is at it. */
export async function takeNext(tx: Tx, limit: number): Promise<readonly string[] | null> {
  const { rows } = await sql<{ ids: string[] }>`
    with held as materialized (select after_id from rescans where finished_at is null for update skip locked)
    select array(select id::text from contacts where id > held.after_id order by contacts.id limit ${limit}) as ids from held`.execute(
    tx,
  );
  return rows[0]?.ids ?? null;
}

/** In the transaction that took them. None: it is finished. */
export async function markDone(tx: Tx, ids: readonly string[], now: number): Promise<void> {
  await sql`
    update rescans set done = done + ${ids.length}, after_id = greatest(after_id, ${ids.at(-1) ?? '0'}::bigint),
      finished_at = case when ${ids.length}::int = 0 then instant(${now}) end`.execute(tx);
}

/** Ids of contacts beyond `after`, in order, for whoever goes through all of them. */
export async function readIds(db: Db | Tx, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from contacts where id > ${after}::bigint order by id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
