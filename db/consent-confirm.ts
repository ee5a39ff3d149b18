// A yes that came from the mailbox itself: the confirming button behind a mailed link, or the preference page. It counts at
// once, and takes back an unsubscription of the same mailbox, never a suppression for a bounce or a complaint.
// Promises: the same again changes nothing; consent, log, suppression and event are one transaction.
import { sql } from 'kysely';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { logConsents, type Proof } from './consents.ts';
import { ownPrefix } from './event-input.ts';

export interface Acceptance {
  readonly contactId: string;
  readonly now: number;
  /** With the words that were shown for that topic. */
  proofOf(topic: string): Proof;
}

/** Confirms every topic that waits for it; answers them. None: nothing waited, or it is confirmed already. */
export async function confirmConsent(db: Db, said: Acceptance): Promise<readonly string[]> {
  return await transact(db, async (tx) => {
    await dueNow(tx, [said.contactId], said.now);
    const topics = (await readAsked(tx, said.contactId)) ?? [];
    await accept(tx, said, topics, 'confirmed');
    return topics;
  });
}

/** Topics that wait for the confirming button; null: the contact is not known, or erased. */
export async function readAsked(db: Db | Tx, contactId: string): Promise<readonly string[] | null> {
  const { rows } = await sql<{ topics: string[] }>`
    select array(select jsonb_object_keys(asked) order by 1) as topics from contacts where id = ${contactId}`.execute(
    db,
  );
  return rows[0]?.topics ?? null;
}

/** The contact is held. */
export async function accept(
  tx: Tx,
  { contactId, now, proofOf }: Acceptance,
  topics: readonly string[],
  what: 'given' | 'confirmed',
): Promise<void> {
  if (topics.length === 0) return;
  const { rows: confirmed } = await sql`
    with lifted as (
      delete from suppressions using contacts
      where contacts.id = ${contactId} and suppressions.address_hash = contacts.address_hash
        and reason = 'unsubscribed' and (topic = '*' or topic = any(${topics}::text[]))
    ),
    wanted as (
      update contacts set updated_at = instant(${now}), facts_at = greatest(facts_at, instant(${now})),
        consent = consent || (select jsonb_object_agg(topic, true) from unnest(${topics}::text[]) as topic),
        asked = asked - ${topics}::text[]
      where id = ${contactId}
      returning id
    ),
    happened as (
      insert into events (contact_id, at, received_at, type, source_id, data)
      select wanted.id, instant(${now}), instant(${now}), 'contact.consent_confirmed',
        ${`${ownPrefix}confirmed:`} || gen_random_uuid(), jsonb_build_object('topic', topic)
      from wanted, unnest(${topics}::text[]) as topic
      returning id, contact_id
    )
    insert into unread (contact_id, event_id) select contact_id, id from happened returning 1`.execute(tx);
  // Erased while the page was open: there is nobody to prove it of.
  if (confirmed.length === 0) return;
  const rows = topics.map((topic) => ({ contactId, topic, what, at: now, proof: proofOf(topic) }));
  await logConsents(tx, rows, now);
}
