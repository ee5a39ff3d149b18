// What may stop a delivery, as SQL: asked when it is claimed, with the reason in words, and again in the statement
// that lets its dot go out. Both ask the same, so that a reason is never found too late for its words.
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './connect.ts';

/** The delivery's row is `row` (contact_id, topic, to_contact); its contact is `contacts`, joined. */
type Row = RawBuilder<unknown>;

const suppression = (row: Row) => sql`
  from suppressions where suppressions.address_hash = contacts.address_hash
    and (suppressions.topic = '*' or suppressions.topic = ${row}.topic)`;

const lacksConsent = (row: Row) => sql`
  (${row}.topic is not null and case when contacts.consent ? ${row}.topic
    then contacts.consent -> ${row}.topic is distinct from 'true'::jsonb
    else not exists (select 1 from applied where ${row}.topic = any(default_topics)) end)`;

/** True where an address, as a keyed hash, is suppressed for the row's topic. */
export const suppresses = (hash: RawBuilder<unknown>, row: Row) => sql`
  (${row}.to_contact and exists (
    select 1 from suppressions where suppressions.address_hash = ${hash}
      and (suppressions.topic = '*' or suppressions.topic = ${row}.topic)
  ))`;

/** True where it may not leave. */
export const forbids = (row: Row) => sql`
  (contacts.id is null or (${row}.to_contact and (${lacksConsent(row)} or exists (select 1 ${suppression(row)}))))`;

/** null where nothing is against it. */
export const reasonsAgainst = (row: Row, now: number) => sql`
  case
    when contacts.id is null then 'the contact is gone'
    when ${row}.expires_at <= instant(${now}) then 'its time ran out before it could leave'
    when ${row}.to_contact and exists (select 1 ${suppression(row)}) then 'suppressed: ' || (select min(reason) ${suppression(row)})
    when ${lacksConsent(row)} then 'no consent for ' || ${row}.topic
  end`;

/**
 * What becomes of a delivery of which nobody knows whether it left: what its step asks for (`on_unknown`), and else it
 * stays unknown. Sent again twice at most: a server that never answers would get a copy a minute.
 */
export const fateOfUnknown = sql`
  case when payload ->> 'onUnknown' = 'assume_sent' then 'sent'
    when payload ->> 'onUnknown' = 'resend' and attempt < 3 then 'later' else 'unknown' end`;

/**
 * Its contact was erased while it was leaving. Said in the row itself, so that an answer that was waiting for the row
 * sees it: a server's words may hold the address.
 */
export const isErased = sql`(deliveries.payload ? 'erased')`;
export const erasedPayload = sql`'{"erased": true}'::jsonb`;

/** Puts off what has not left, with the reason; what it lost of its lifetime by that is given back. */
export async function deferDeliveries(
  tx: Tx,
  which: RawBuilder<unknown>,
  { until, why, now }: { readonly until: number; readonly why: string; readonly now: number },
): Promise<void> {
  await sql`
    with put_off as materialized (
      select id from deliveries where ${which} and state in ('queued', 'deferred', 'sending') order by id for update
    )
    update deliveries set state = 'deferred', token = null, lease_until = null, why = ${why},
      due_at = instant(${until}), expires_at = expires_at + greatest(interval '0', instant(${until}) - instant(${now}))
    from put_off where deliveries.id = put_off.id`.execute(tx);
}

/** Stops what has not left; answers how many. Locked in order of id, as every writer of deliveries does. */
export async function cancelDeliveries(
  tx: Tx,
  which: RawBuilder<unknown>,
  why: string,
  now: number,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with stopped as materialized (
      select id from deliveries where ${which} and state in ('queued', 'deferred', 'sending') order by id for update
    )
    update deliveries set state = 'cancelled', settled_at = instant(${now}), token = null, lease_until = null,
      why = ${why}
    from stopped where deliveries.id = stopped.id`.execute(tx);
  return Number(numAffectedRows);
}
