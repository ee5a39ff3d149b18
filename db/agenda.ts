// The only schedule: which contact is due, and when. Its rows are also the locks of the contacts.
// Promises: a claimed contact is held by one worker until its transaction ends; others skip it and never wait.
// Breaks if something changes a contact, its deals or its runs without holding its row here first (`dueNow` takes it).
import { type RawBuilder, sql } from 'kysely';
import { companyAfter } from './batches.ts';
import type { Db, Tx } from './connect.ts';

/** A worker's batch from here to its commit; who applies waits for all of them, and they then see what was applied. */
const going = sql`pg_advisory_xact_lock_shared(hashtext('voronka.applied'))`;

/** Two that apply at once take turns here, and no worker is in the middle of a batch. Held until the commit. */
export async function holdStill(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('voronka.applied'))`.execute(tx);
}

/** For a batch that is not claimed: what is applied stays so until the transaction ends. Before anything else is read. */
export async function holdApplied(tx: Tx): Promise<void> {
  await sql`select ${going}`.execute(tx);
}

export interface Held {
  /** In order of id. */
  readonly contactIds: readonly string[];
  /** The number of the transaction that holds them; null where nobody is due. */
  readonly xid: string | null;
}

/**
 * Contacts that are due, held until the transaction ends; the longest due first. Those with whom at hand a worker has
 * died (batches.ts) come when nobody else is due, and in ever smaller company.
 */
export async function claim(tx: Tx, now: number, limit: number): Promise<Held> {
  const [, fifty, five] = companyAfter;
  const { rows } = await sql<{ ids: string[] | null; xid: string | null }>`
    with due as materialized (
      select contact_id from agenda
      where (select ${going} is not null) and due_at <= instant(${now})
        and not exists (select from batch_deaths where batch_deaths.contact_id = agenda.contact_id)
      order by due_at limit ${limit}
      for update skip locked
    ),
    least as (
      select min(deaths) as deaths from batch_deaths join agenda using (contact_id)
      where due_at <= instant(${now}) and not exists (select from due)
    ),
    suspected as materialized (
      select agenda.contact_id from least join batch_deaths using (deaths) join agenda using (contact_id)
      where agenda.due_at <= instant(${now}) order by agenda.contact_id
      limit (select least(${limit}, case deaths when 1 then ${fifty} when 2 then ${five} else 1 end) from least)
      for update of agenda skip locked
    )
    select array_agg(contact_id::text order by contact_id) as ids,
      case when count(*) > 0 then pg_current_xact_id()::text end as xid
    from (select contact_id from due union all select contact_id from suspected) as held`.execute(tx);
  return { contactIds: rows[0]?.ids ?? [], xid: rows[0]?.xid ?? null };
}

/** Makes contacts due now, and holds them. */
export async function dueNow(tx: Tx, contactIds: readonly string[], now: number): Promise<void> {
  await holding(sql`select unnest(${contactIds}::bigint[]) as id`, now).execute(tx);
}

/**
 * The statement behind it, for whoever has the ids as a query. In order of id, so that two batches never wait for each
 * other in a ring. A parked contact (infinity) is held, but stays parked.
 */
export const holding = (ids: RawBuilder<unknown>, now: number) => sql`
  insert into agenda (contact_id, due_at)
  select id, instant(${now}) from (${ids}) as wanted order by id
  on conflict (contact_id) do update set due_at =
    case when agenda.due_at = 'infinity' then agenda.due_at else least(agenda.due_at, excluded.due_at) end`;

/** Holds contacts and moves nobody: who has no row gets one that is never due, until `releaseHeld`. */
export const holdingStill = (ids: RawBuilder<unknown>) => sql`
  insert into agenda (contact_id, due_at)
  select id, 'infinity' from (${ids}) as wanted order by id
  on conflict (contact_id) do update set due_at = agenda.due_at`;

/** In the transaction that held them, as its last statement: only the parked stay out of the schedule. */
export async function releaseHeld(tx: Tx): Promise<void> {
  await sql`
    delete from agenda using contacts
    where due_at = 'infinity' and contacts.id = contact_id and parked_at is null`.execute(tx);
}

/** Contacts that are held and that the ledger no longer has: whoever held one just as it was erased left its row behind. */
export async function forget(tx: Tx, contactIds: readonly string[]): Promise<void> {
  await sql`delete from agenda where contact_id = any(${contactIds}::bigint[])`.execute(tx);
}

export async function hasDue(db: Db | Tx, now: number): Promise<boolean> {
  const { rows } = await sql`select 1 from agenda where due_at <= instant(${now}) limit 1`.execute(db);
  return rows.length > 0;
}

/** null: nobody is due at any time. */
export async function nextDueAt(db: Db | Tx): Promise<number | null> {
  const { rows } = await sql<{ at: number }>`
    select ms(due_at) as at from agenda where due_at < 'infinity' order by due_at limit 1`.execute(db);
  return rows[0]?.at ?? null;
}

export interface Parking {
  readonly contactId: string;
  readonly why: string;
}

/** Takes contacts that the engine failed on out of the schedule, with the reason; their events stay unread. */
export async function park(tx: Tx, parkings: readonly Parking[], now: number): Promise<void> {
  await sql`
    with parked as (select * from json_to_recordset(${JSON.stringify(parkings)}::json) as p("contactId" bigint, why text)),
    marked as (
      update contacts set parked_at = instant(${now}), parked_why = parked.why
      from parked where contacts.id = parked."contactId"
    )
    insert into agenda (contact_id, due_at) select "contactId", 'infinity' from parked order by 1
    on conflict (contact_id) do update set due_at = 'infinity'`.execute(tx);
}

/** Puts every parked contact back, due now. Answers how many there were. */
export async function unparkAll(tx: Tx, now: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with freed as (
      update agenda set due_at = instant(${now}) where due_at = 'infinity' returning contact_id
    ),
    marked as (
      update contacts set parked_at = null, parked_why = null from freed where contacts.id = freed.contact_id
    )
    select count(*)::int as n from freed`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** For contacts whom a move has put back on the agenda: who may try again is no longer marked as parked. */
export async function unpark(tx: Tx, contactIds: readonly string[]): Promise<void> {
  await sql`
    update contacts set parked_at = null, parked_why = null
    where id = any(${contactIds}::bigint[]) and parked_at is not null`.execute(tx);
}
