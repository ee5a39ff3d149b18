// What is to be done outside, row by row: who takes it, and the fence before the point of no return.
// Promises: one statement a batch; a row is held by one token; `committing` is durable before it is answered, and only
// where nothing forbids it any more. Breaks if a row is written elsewhere without matching its token: two workers
// would then both believe that they hold it. Leases stand on the database's own clock, business times are arguments.
import { sql } from 'kysely';
import type { SendingRules } from '../engine/sending.ts';
import type { Delivery, Facts, Fields } from '../engine/step.ts';
import { heldBack } from './claim-rules.ts';
import { type Db, laneOf } from './connect.ts';
import { fateOfUnknown, forbids, reasonsAgainst, suppresses } from './deliveries-fence.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface Claimed {
  readonly delivery: Delivery;
  readonly facts: Facts;
  /** The keyed hash of the address that it goes to; null where the contact has none. */
  readonly addressHash: Buffer | null;
}

export interface ClaimOptions {
  readonly now: number;
  readonly limit: number;
  /** A UUID of this claim: what it takes is settled under it. */
  readonly token: string;
  readonly leaseMs: number;
  /** Left out: nothing but a breaker holds a mail back. */
  readonly rules?: SendingRules | undefined;
}

type ClaimedRow = Omit<Delivery, never> & {
  readonly contact: Fields;
  readonly deal: Fields | null;
  readonly addressHash: Buffer | null;
};

/**
 * queued, deferred -> sending, transactional mail before any other; what may not leave any more is cancelled here, and
 * what has to wait for its turn is deferred, both with the reason. Losing this write
 * would be harmless (the fence then fails), so it does not wait for the disk.
 */
export async function claim(db: Db, { now, limit, token, leaseMs, rules }: ClaimOptions): Promise<Claimed[]> {
  const { rows } = await sql<ClaimedRow>`
    with unhurried as materialized (select set_config('synchronous_commit', 'off', true)),
    urgent as materialized (
      select id, contact_id, workflow, topic, to_contact, expires_at, due_at, slot_at from deliveries
      where settled_at is null and topic is null and due_at <= instant(${now}) and state in ('queued', 'deferred')
      order by due_at, id limit ${limit}
      for update skip locked
    ),
    patient as materialized (
      select id, contact_id, workflow, topic, to_contact, expires_at, due_at, slot_at from deliveries
      where settled_at is null and topic is not null and due_at <= instant(${now}) and state in ('queued', 'deferred')
      order by due_at, id limit ${limit} - (select count(*) from urgent)
      for update skip locked
    ),
    due as (select * from urgent union all select * from patient),
    judged as materialized (
      select due.*, email, ${reasonsAgainst(sql.ref('due'), now)} as stop
      from unhurried, due left join contacts on contacts.id = due.contact_id
    ),
    ${heldBack(rules, now)}
    taken as (
      update deliveries set
        state = case when stop is not null then 'cancelled' when held.id is not null then 'deferred' else 'sending' end,
        token = case when stop is null and held.id is null then ${token}::uuid end,
        lease_until = case when stop is null and held.id is null
          then clock_timestamp() + ${leaseMs} * interval '1 ms' end,
        attempt = attempt + case when stop is null and held.id is null then 1 else 0 end,
        settled_at = case when stop is not null then instant(${now}) end,
        due_at = coalesce(held.until, deliveries.due_at),
        expires_at = deliveries.expires_at + coalesce(held.until - instant(${now}), interval '0'),
        slot_at = coalesce(held.slot, case when held.id is not null then deliveries.slot_at end),
        why = coalesce(stop, held.why, deliveries.why)
      from judged left join held using (id) where deliveries.id = judged.id
      returning deliveries.*
    )
    select taken.id, run_id as "runId", workflow, taken.contact_id as "contactId", deal_id as "dealId", attempt,
      ms(taken.created_at) as "createdAt", taken.key, verb, node, topic, payload, ms(due_at) as "dueAt",
      ms(expires_at) as "expiresAt", ${contactFacts} as contact,
      case when deals.id is not null then ${dealFacts} end as deal, contacts.address_hash as "addressHash"
    from taken
      join contacts on contacts.id = taken.contact_id
      left join deals on deals.id = taken.deal_id
    where taken.state = 'sending' order by taken.topic is not null, taken.due_at, taken.id`.execute(
    laneOf(db),
  );
  return rows.map(({ contact, deal, addressHash, ...delivery }) => ({
    delivery,
    facts: { contact, deal },
    addressHash,
  }));
}

export interface Held {
  readonly id: string;
  readonly token: string;
}

export interface Leaving extends Held {
  /** The keyed hash of the address that the message goes to: the contact's may have changed meanwhile. */
  readonly addressHash: Buffer | null;
}

/**
 * sending -> committing, durably: the fence. Answers the ids whose dot may go out. One that is not among them was
 * cancelled, suppressed, has lost its consent, or is another worker's: nothing of it may leave.
 */
export async function commit(db: Db, held: readonly Leaving[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select id, token, decode(hash, 'hex') as hash from unnest(${held.map((one) => one.id)}::bigint[],
        ${held.map((one) => one.token)}::uuid[], ${held.map((one) => one.addressHash?.toString('hex') ?? null)}::text[])
        as wanted(id, token, hash)
    ),
    free as materialized (
      select deliveries.id from wanted join deliveries using (id)
        left join contacts on contacts.id = deliveries.contact_id
      where deliveries.token = wanted.token and deliveries.state = 'sending' and not ${forbids(sql.ref('deliveries'))}
        and not ${suppresses(sql.ref('wanted.hash'), sql.ref('deliveries'))}
      order by deliveries.id for update of deliveries
    )
    update deliveries set state = 'committing'
    from free where deliveries.id = free.id
    returning deliveries.id`.execute(laneOf(db));
  return new Set(rows.map((row) => row.id));
}

/**
 * Claims take the longest due first, transactional mail before the rest, so what is in flight lies at that end of the two indexes: no index on leases is
 * needed, and a backlog of a million is not read for it.
 */
const rescuedAtMost = 10_000;

/**
 * A mail that kills its worker takes those beside it along, and which one it was nobody can say. From the fourth death on
 * each of them waits a while of its own, so that the guilty one soon dies alone; after ten it is refused as a fault.
 * An innocent one would have to be in hand at ten kills, the last six of them alone.
 */
const deathsBeside = 3;
const deathsAtMost = 10;
const apartMs = 10_000;

/**
 * What a worker left behind when it died: surely unsent goes back to the queue; what may have left is unknown, and
 * stays so until evidence or a person settles it.
 */
export async function rescue(db: Db, now: number): Promise<Rescued> {
  const { rows } = await sql<Rescued>`
    with longest_due as (
      (select id from deliveries
        where settled_at is null and due_at <= instant(${now}) order by due_at, id limit ${rescuedAtMost})
      union
      (select id from deliveries
        where settled_at is null and topic is null and due_at <= instant(${now}) order by due_at, id limit ${rescuedAtMost})
    ),
    expired as materialized (
      select id, case when state = 'committing' then
        case ${fateOfUnknown} when 'later' then 'queued' else ${fateOfUnknown} end when deaths + 1 < ${deathsAtMost} then 'queued'
        else 'refused' end as fate
      from deliveries join longest_due using (id) where lease_until < clock_timestamp()
      order by id for update of deliveries skip locked
    ),
    rescued as (
      update deliveries set
        state = fate, deaths = deaths + 1,
        settled_at = case when fate <> 'queued' then instant(${now}) end,
        unknown_at = case when fate = 'unknown' then instant(${now}) end,
        due_at = case when fate = 'queued' and deaths >= ${deathsBeside}
          then instant(${now}::float8 + (deaths - ${deathsBeside - 1}) * ${apartMs}::int * (hashint8(deliveries.id) & 1023) / 1024)
          else due_at end,
        last_token = token, token = null, lease_until = null,
        why = case fate when 'queued' then case deliveries.state when 'sending' then 'its worker died before anything left'
            else 'its worker died between the last dot and the reply; it is sent again, as its step asks' end
          when 'sent' then 'its worker died between the last dot and the reply; it counts as sent, as its step asks'
          when 'refused' then 'fault: its worker died ' || deaths + 1 || ' times with it in hand'
          else 'its worker died between the last dot and the reply' end
      from expired where deliveries.id = expired.id
      returning deliveries.state
    )
    select count(*) filter (where state = 'queued')::int as queued,
      count(*) filter (where state = 'unknown')::int as unknown,
      count(*) filter (where state = 'refused')::int as refused
    from rescued`.execute(db);
  return rows[0] ?? { queued: 0, unknown: 0, refused: 0 };
}

interface Rescued {
  readonly queued: number;
  readonly unknown: number;
  /** Put aside: each of their workers died. */
  readonly refused: number;
}

export async function hasDue(db: Db, now: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from deliveries
    where settled_at is null and due_at <= instant(${now}) and state in ('queued', 'deferred') limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** When the next one may go; null: none waits. */
export async function nextDueAt(db: Db): Promise<number | null> {
  const { rows } = await sql<{ at: number }>`
    select ms(due_at) as at from deliveries
    where settled_at is null and state in ('queued', 'deferred') order by due_at limit 1`.execute(db);
  return rows[0]?.at ?? null;
}

/** More time for what a living worker still holds. */
export async function renew(db: Db, held: readonly Held[], leaseMs: number): Promise<void> {
  await sql`
    with held as materialized (
      select deliveries.id
      from unnest(${held.map((one) => one.id)}::bigint[], ${held.map((one) => one.token)}::uuid[]) as said(id, token)
        join deliveries using (id)
      where deliveries.token = said.token order by deliveries.id for update of deliveries
    )
    update deliveries set lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms'
    from held where deliveries.id = held.id`.execute(db);
}
