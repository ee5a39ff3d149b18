// What mails that came in, and mail providers, say of our deliveries, into the ledger: events that workflows hear, suppressions, faults that
// breakers count, and the proof that an unknown delivery has left. One transaction a batch; the same again changes nothing.
import { sql } from 'kysely';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { logConsents } from './consents.ts';
import { cancelDeliveries } from './deliveries-fence.ts';
import { ownPrefix } from './event-input.ts';
import { unsubscribe } from './suppressions.ts';

export interface Reported {
  readonly deliveryId: string;
  /** `accepted`: a relay has it, or it was looked at: proof that it has left. */
  readonly is: 'bounced' | 'complained' | 'delivered' | 'accepted' | 'replied';
  /** Of the mail or the notice that says it. */
  readonly id: string;
  readonly reason: string | null;
  readonly hard: boolean;
}

/** The contact's address is never to be written to again. */
const isEnd = ({ is, hard }: Reported) => is === 'complained' || (is === 'bounced' && hard);
/** Not the contact's fault: these count against the sender, as dead addresses do. */
const ours = ['blocked', 'spam', 'policy', 'auth'];

/** Answers how many were news. */
export async function takeReports(db: Db, all: readonly Reported[], now: number): Promise<number> {
  const reports = await dropKnown(db, all);
  if (reports.length === 0) return 0;
  return await transact(db, async (tx) => {
    const ids = reports.map((one) => one.deliveryId);
    const contactIds = await holdAll(tx, ids, now);
    await settleByEvidence(tx, reports, now);
    const ended = reports.filter(isEnd);
    const news = await writeReports(tx, reports, now);
    if (ended.length > 0) await endAll(tx, ended, contactIds, now);
    return news;
  });
}

/** Proves that a mail has left, and says no more. */
const isMereProof = ({ is }: Reported) => is === 'delivered' || is === 'accepted';

/**
 * A provider proves every mail several times over, and nearly all are known to have left: their contacts are not held,
 * and not asked for by a worker.
 */
async function dropKnown(db: Db, reports: readonly Reported[]): Promise<readonly Reported[]> {
  const proved = reports.filter(isMereProof).map((one) => one.deliveryId);
  if (proved.length === 0) return reports;
  const { rows } = await sql<{ id: string }>`
    select id from deliveries where id = any(${proved}::bigint[]) and state = 'unknown'`.execute(db);
  const unknown = new Set(rows.map((row) => row.id));
  return reports.filter((one) => !isMereProof(one) || unknown.has(one.deliveryId));
}

/** The contacts of the deliveries, and every other one with the same address; held. */
async function holdAll(tx: Tx, deliveryIds: readonly string[], now: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with named as (
      select contacts.id, address_hash from deliveries join contacts on contacts.id = deliveries.contact_id
      where deliveries.id = any(${deliveryIds}::bigint[])
    )
    select id from named union select contacts.id from contacts join named using (address_hash)`.execute(tx);
  const ids = rows.map((row) => row.id);
  await dueNow(tx, ids, now);
  return ids;
}

/** An unknown delivery has left, whatever it is that says so; the row of one that came back says that, and why. */
async function settleByEvidence(tx: Tx, reports: readonly Reported[], now: number): Promise<void> {
  const said = reports.map(({ deliveryId, is, reason }) => ({ id: deliveryId, is, reason }));
  await sql`
    with known as materialized (
      select distinct on (deliveries.id) deliveries.id, said.is, said.reason
      from json_to_recordset(${JSON.stringify(said)}::json) as said(id bigint, "is" text, reason text)
        join deliveries using (id)
      where state = 'unknown' or (state = 'sent' and said.is = 'bounced')
      order by deliveries.id, said.is <> 'bounced', said.is
    ),
    held as materialized (
      select id from deliveries where id in (select id from known) order by id for update
    )
    update deliveries set state = 'sent', unknown_at = null, settled_at = least(settled_at, instant(${now})),
      why = case known.is when 'bounced' then 'it came back: ' || coalesce(known.reason, 'for no reason that is known')
        when 'replied' then 'it has left: it was answered'
        when 'complained' then 'it has left: it was complained of' else 'it has left: it was ' || known.is end
    from known join held using (id) where deliveries.id = known.id`.execute(tx);
}

/** An event a report, under the delivery for what ends a mailbox, under the mail that says it for the rest. */
async function writeReports(tx: Tx, reports: readonly Reported[], now: number): Promise<number> {
  const said = reports
    .filter((one) => !isMereProof(one))
    .map((one) => ({
      ...one,
      source: `${ownPrefix}${one.is}:${one.deliveryId}${isEnd(one) ? '' : `:${one.id}`}`,
      fault:
        one.is === 'complained'
          ? 'complaint'
          : isEnd(one) || ours.includes(one.reason ?? '')
            ? 'bounce'
            : null,
    }));
  const { rows } = await sql<{ news: number }>`
    with said as materialized (
      select distinct on (source) said.*, contact_id, deal_id, run_id, node, workflow, topic
      from json_to_recordset(${JSON.stringify(said)}::json) as said("deliveryId" bigint, "is" text, reason text, hard boolean,
        source text, fault text) join deliveries on deliveries.id = "deliveryId"
      order by source
    ),
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contacts.id, deal_id, instant(${now}), instant(${now}), 'mail.' || "is", source,
        jsonb_strip_nulls(jsonb_build_object('run', run_id::text, 'step', node, 'delivery', "deliveryId"::text,
          'reason', reason, 'hard', case "is" when 'bounced' then hard end))
      from said join contacts on contacts.id = contact_id order by source
      on conflict (source_id) do nothing
      returning id, contact_id
    ),
    unseen as (insert into unread (contact_id, event_id) select contact_id, id from happened),
    counted as (
      insert into mail_faults (at, delivery_id, kind, workflow, topic)
      select distinct on ("deliveryId", fault) instant(${now}), "deliveryId", fault, workflow, topic
      from said where fault is not null
      on conflict (delivery_id, kind) do nothing
    )
    select count(*)::int as news from happened`.execute(tx);
  return rows[0]?.news ?? 0;
}

/** Suppressed by its address, whoever has it; what has not left is cancelled; a complaint takes back every consent. */
async function endAll(
  tx: Tx,
  ended: readonly Reported[],
  contactIds: readonly string[],
  now: number,
): Promise<void> {
  const said = ended.map(({ deliveryId, is, reason }) => ({
    id: deliveryId,
    reason: is === 'complained' ? 'complained' : reason,
  }));
  const { rows } = await sql<{ contactId: string; reason: string }>`
    with said as (
      select distinct on (address_hash) address_hash, said.reason
      from json_to_recordset(${JSON.stringify(said)}::json) as said(id bigint, reason text)
        join deliveries using (id) join contacts on contacts.id = contact_id
      where address_hash is not null order by address_hash
    ),
    suppressed as (
      insert into suppressions (address_hash, topic, reason, at)
      select address_hash, '*', reason, instant(${now}) from said order by address_hash
      on conflict (address_hash, topic) do nothing
      returning address_hash, reason
    )
    select contacts.id as "contactId", suppressed.reason from suppressed join contacts using (address_hash)
    where contacts.id = any(${contactIds}::bigint[]) order by 1`.execute(tx);
  const log = rows
    .filter((row) => row.reason === 'complained')
    .map(({ contactId }) => ({
      contactId,
      topic: '*',
      what: 'withdrawn' as const,
      at: now,
      proof: { how: 'complaint' },
    }));
  await logConsents(tx, log, now);
  const theirs = sql`contact_id = any(${rows.map((row) => row.contactId)}::bigint[]) and settled_at is null`;
  await cancelDeliveries(tx, theirs, 'suppressed: it bounced or was complained of', now);
}

/** Whoever got these mails wants no more of their topic, or of any where they have none. Answers for how many it was news. */
export async function takeLeaves(
  db: Db,
  deliveryIds: readonly string[],
  { how, now }: { readonly how: string; readonly now: number },
): Promise<number> {
  if (deliveryIds.length === 0) return 0;
  const { rows } = await sql<{ contactId: string; topic: string; deliveryId: string }>`
    select distinct on (contact_id, topic) contact_id as "contactId", coalesce(topic, '*') as topic, id as "deliveryId"
    from deliveries where id = any(${deliveryIds}::bigint[]) order by contact_id, topic, id`.execute(db);
  let news = 0;
  // One transaction a person: each may wait for a mail of this person that is just committing.
  for (const { deliveryId, ...leaving } of rows) {
    const proof = { how, deliveryId };
    if (await unsubscribe(db, { ...leaving, now, proof })) news += 1;
  }
  return news;
}
