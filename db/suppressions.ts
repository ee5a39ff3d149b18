// Who must not be written to. A suppression is kept under a keyed hash of the address: it survives the contact's
// erasure and any later import, and wins over consent.
// Promises: once `unsubscribe` has answered, no dot of that topic goes out any more.
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { logConsents, type Proof } from './consents.ts';
import { cancelDeliveries } from './deliveries-fence.ts';
import { ownPrefix } from './event-input.ts';

export interface Unsubscription {
  readonly contactId: string;
  /** '*' for every mail. */
  readonly topic: string;
  readonly now: number;
  /** For the consent log; left out: the link in a mail. */
  readonly proof?: Proof;
}

/** A dot follows its commit by a few milliseconds; a relay that takes longer is only slow to answer. */
const patienceMs = 250;
const pauseMs = 10;

/**
 * Suppression, consent off, an event that ends runs, and what has not left is cancelled: one transaction, and the same
 * again changes nothing. It is the mailbox that asks, so it holds for every contact with this address. Answers whether
 * it was news. A mail that is just committing is waited for, so that its dot does not follow this commit.
 */
export async function unsubscribe(db: Db, said: Unsubscription): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pauseMs) {
    const done = await attempt(db, said, false);
    if (done !== null) return done;
    await wait(pauseMs);
  }
  return (await attempt(db, said, true)) ?? false;
}

const inFlight = new Error('a mail is committing');

/** null: a mail is committing, and nothing was written. */
async function attempt(db: Db, said: Unsubscription, isLast: boolean): Promise<boolean | null> {
  try {
    return await transact(db, async (tx) => {
      const contactIds = await findSharers(tx, said.contactId);
      await dueNow(tx, contactIds, said.now);
      const isNews = await write(tx, contactIds, said);
      const isCommitting = await cancel(tx, contactIds, said);
      if (isCommitting && !isLast) throw inFlight;
      return isNews;
    });
  } catch (error) {
    if (error === inFlight) return null;
    throw error;
  }
}

/** Every contact that has this one's address, itself among them. */
export async function findSharers(tx: Tx, contactId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from contacts where id = ${contactId}
    union select id from contacts where address_hash = (select address_hash from contacts where id = ${contactId})
  `.execute(tx);
  return rows.map((row) => row.id);
}

async function write(
  tx: Tx,
  contactIds: readonly string[],
  { topic, now, proof = { how: 'unsubscribe link' } }: Unsubscription,
): Promise<boolean> {
  const { rows } = await sql<{ contactId: string }>`
    with suppressed as (
      insert into suppressions (address_hash, topic, reason, at)
      select distinct address_hash, ${topic}, 'unsubscribed', instant(${now}) from contacts
      where id = any(${contactIds}::bigint[]) and address_hash is not null
      on conflict (address_hash, topic) do nothing
      returning 1
    ),
    withdrawn as (
      update contacts set updated_at = instant(${now}), facts_at = greatest(facts_at, instant(${now})),
        consent = consent || (
          select coalesce(jsonb_object_agg(topic, false), '{}') from (
            select jsonb_object_keys(consent) as topic where ${topic} = '*'
            union select unnest(default_topics) from applied where ${topic} = '*'
            union select ${topic} where ${topic} <> '*') as topics),
        asked = case ${topic} when '*' then '{}' else asked - ${topic}::text end
      where id = any(${contactIds}::bigint[]) and (exists (select 1 from suppressed)
        or case ${topic} when '*' then consent @? '$.* ? (@ == true)' or asked <> '{}'
          else consent -> ${topic} = 'true' or asked ? ${topic} end)
      returning id
    ),
    happened as (
      insert into events (contact_id, at, received_at, type, source_id, data)
      select id, instant(${now}), instant(${now}), 'contact.unsubscribed',
        ${`${ownPrefix}unsubscribed:`} || gen_random_uuid(), jsonb_build_object('topic', ${topic}::text)
      from withdrawn
      returning id, contact_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    )
    select contact_id as "contactId" from happened order by 1`.execute(tx);
  const log = rows.map((row) => ({ ...row, topic, what: 'withdrawn' as const, at: now, proof }));
  await logConsents(tx, log, now);
  return rows.length > 0;
}

/** Cancels what has not left; true where something of it is just committing. */
async function cancel(
  tx: Tx,
  contactIds: readonly string[],
  { topic, now }: Unsubscription,
): Promise<boolean> {
  const isOfTopic = sql`
    contact_id = any(${contactIds}::bigint[]) and settled_at is null and (${topic} = '*' or topic = ${topic})`;
  await cancelDeliveries(tx, isOfTopic, 'the contact unsubscribed', now);
  const { rows } = await sql`
    select 1 from deliveries where ${isOfTopic} and state = 'committing' limit 1`.execute(tx);
  return rows.length > 0;
}
