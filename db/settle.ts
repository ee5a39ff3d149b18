// What the world answered, written in batches: every legal way out of sending and committing.
// Promises: only the token that holds a row settles it, or the one that last held it where the rescue has called it
// unknown meanwhile: its answer is the truth about that very copy. A dead address is suppressed, its contact told, and
// its runs woken, in the same transaction. Breaks if outcomes are guessed: `unknown` is the one that is never retried.
import { sql } from 'kysely';
import { erased } from '../engine/endings.ts';
import type { Outcome } from '../engine/step.ts';
import { dueNow } from './agenda.ts';
import { type Db, laneOf, type Tx, transact } from './connect.ts';
import type { Held } from './deliveries.ts';
import { cancelDeliveries, fateOfUnknown, isErased } from './deliveries-fence.ts';
import { ownPrefix } from './event-input.ts';
import { writeAnswers } from './settle-answers.ts';

export interface Settlement extends Held {
  /** `released`: surely unsent, and not the message's fault; it goes back to the queue as if it had not been taken. */
  readonly outcome: Outcome | { readonly is: 'released' } | Waits;
  /** A run stands and waits for what comes of it. */
  readonly isAwaited?: boolean;
}

/** It may not leave yet, and that is no fault of the message: no attempt, and no part of its lifetime, is used up. */
export interface Waits {
  readonly is: 'waits';
  readonly at: number;
  readonly why: string;
}

/** Before a mail of which nobody knows whether it left goes out again, where its step asks for that. */
const resendMs = 60_000;

/** Answers how many rows were settled; a row that someone else has settled meanwhile stays as it is. */
export async function settle(db: Db, settlements: readonly Settlement[], now: number): Promise<number> {
  if (settlements.length === 0) return 0;
  const dead = settlements.filter(({ outcome }) => outcome.is === 'refused' && outcome.hard);
  const awaited = settlements.filter(isAnswer);
  if (dead.length + awaited.length === 0)
    return (await writeSettlements(laneOf(db), settlements, now)).length;
  return await transact(db, async (tx) => {
    await holdContacts(tx, [...dead, ...awaited], now);
    const settled = await writeSettlements(tx, settlements, now);
    await writeAnswers(tx, awaited, settled, now);
    const contactIds = await writeBounces(tx, settled, now);
    const theirs = sql`contact_id = any(${contactIds}::bigint[]) and settled_at is null`;
    await cancelDeliveries(tx, theirs, 'suppressed: the address is dead', now);
    return settled.length;
  });
}

/** Not what is tried again. */
const isAnswer = ({ isAwaited, outcome }: Settlement) =>
  isAwaited === true && !['later', 'waits', 'released'].includes(outcome.is);

interface Settled {
  readonly id: string;
  /** Where a dead address was the reason. */
  readonly reason: string | null;
}

const states = sql`
  case fate when 'sent' then 'sent' when 'later' then 'deferred' when 'waits' then 'deferred' when 'refused' then 'refused'
    when 'unknown' then 'unknown' when 'released' then 'queued' when 'withheld' then 'cancelled' end`;

async function writeSettlements(
  db: Db | Tx,
  settlements: readonly Settlement[],
  now: number,
): Promise<readonly Settled[]> {
  const rows = settlements.map(({ id, token, outcome }) => ({ ...outcome, id, token }));
  const { rows: settled } = await sql<Settled>`
    with said as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as said(id bigint, token uuid, "is" text,
        reply text, at double precision, why text, reason text, hard boolean)
    ),
    held as materialized (
      select deliveries.id, said.token,
        case said.is when 'unknown' then ${fateOfUnknown} else said.is end as fate
      from said join deliveries using (id)
      where deliveries.token = said.token
        or (deliveries.state = 'unknown' and deliveries.last_token = said.token and said.is <> 'unknown')
      order by deliveries.id for update of deliveries
    )
    update deliveries set state = ${states}, last_token = said.token, token = null, lease_until = null,
      settled_at = case when fate not in ('later', 'waits', 'released') then instant(${now}) end,
      unknown_at = case fate when 'unknown' then instant(${now}) end,
      due_at = coalesce(instant(said.at), case fate when 'later' then instant(${now + resendMs}) end, due_at),
      expires_at = expires_at + case said.is when 'waits' then instant(said.at) - instant(${now}) else interval '0' end,
      attempt = attempt - case when said.is in ('waits', 'released') then 1 else 0 end,
      reply = case when not ${isErased} then coalesce(said.reply, deliveries.reply) end,
      why = case when ${isErased} then ${erased.why} else coalesce(said.why, deliveries.why) end
    from held join said using (id, token) where deliveries.id = held.id
    returning deliveries.id, case when said.hard then said.reason end as reason`.execute(db);
  return settled;
}

/**
 * Before the rows themselves: whoever moves a run of these contacts holds the agenda first, and then deliveries.
 * A dead address is dead for every contact that has it; an answer is of one.
 */
async function holdContacts(tx: Tx, dead: readonly Settlement[], now: number): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    with dead as (
      select contacts.id, address_hash from deliveries join contacts on contacts.id = deliveries.contact_id
      where deliveries.id = any(${dead.map((one) => one.id)}::bigint[])
    )
    select id from dead union select contacts.id from contacts join dead using (address_hash)`.execute(tx);
  await dueNow(
    tx,
    rows.map((row) => row.id),
    now,
  );
}

/** Answers the contacts whose address is dead. */
async function writeBounces(tx: Tx, settled: readonly Settled[], now: number): Promise<string[]> {
  const dead = settled.filter((one) => one.reason !== null);
  const { rows } = await sql<{ contact_id: string }>`
    with dead as (
      select deliveries.id, deliveries.contact_id, deal_id, run_id, node, dead.reason, address_hash
      from json_to_recordset(${JSON.stringify(dead)}::json) as dead(id bigint, reason text)
        join deliveries using (id) join contacts on contacts.id = deliveries.contact_id
    ),
    suppressed as (
      insert into suppressions (address_hash, topic, reason, at)
      select distinct on (address_hash) address_hash, '*', reason, instant(${now}) from dead
      where address_hash is not null order by address_hash
      on conflict (address_hash, topic) do nothing
    ),
    counted as (
      insert into mail_faults (at, delivery_id, kind, workflow, topic)
      select instant(${now}), dead.id, 'bounce', workflow, topic from dead join deliveries using (id)
      on conflict (delivery_id, kind) do nothing
    ),
    told as (
      select id, contact_id, deal_id,
        jsonb_build_object('run', run_id::text, 'step', node, 'delivery', id::text, 'reason', reason) as data from dead
      union all
      select dead.id, contacts.id, null, jsonb_build_object('reason', reason)
      from dead join contacts using (address_hash) where contacts.id <> dead.contact_id
    ),
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contact_id, deal_id, instant(${now}), instant(${now}), 'mail.bounced',
        ${`${ownPrefix}bounced:`} || id || ':' || contact_id, data || '{"hard": true}'
      from told order by id, contact_id
      on conflict (source_id) do nothing
      returning id, contact_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    )
    select distinct contact_id from told`.execute(tx);
  return rows.map((row) => row.contact_id);
}
