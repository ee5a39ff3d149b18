// What a contact wants, as its preference page shows it and changes it: topics, a pause, nothing at all.
// Promises: a no is an unsubscription (suppressions.ts), with its suppression; a yes is one of the mailbox itself; a pause
// holds every marketing mail of this address that has not left, and what it held goes on when it ends.
import { sql } from 'kysely';
import { dueNow } from './agenda.ts';
import { type Db, transact } from './connect.ts';
import { type Acceptance, accept } from './consent-confirm.ts';
import { deferDeliveries } from './deliveries-fence.ts';
import { contactFacts } from './facts.ts';
import { findSharers, unsubscribe } from './suppressions.ts';

export interface Preferences {
  readonly locale: string | null;
  readonly timezone: string | null;
  /** Topics that are wanted: given, or on by default, and not suppressed. */
  readonly wanted: readonly string[];
  /** Topics that wait for the confirming button. */
  readonly asked: readonly string[];
  /** null: mail is not paused, or not any more. */
  readonly pausedUntil: number | null;
  /** Why no mail goes to this address, whatever is chosen here; null where nothing is against it. */
  readonly blocked: string | null;
}

/** null: not known, or erased. */
export async function readPreferences(db: Db, contactId: string, now: number): Promise<Preferences | null> {
  const { rows } = await sql<Preferences>`
    select locale, timezone, 
      array(select key from jsonb_each(${contactFacts} -> 'consent') where value = 'true' order by key) as wanted,
      array(select jsonb_object_keys(asked) order by 1) as asked,
      case when paused_until > instant(${now}) then ms(paused_until) end as "pausedUntil",
      (select min(reason) from suppressions where suppressions.address_hash = contacts.address_hash
        and topic = '*' and reason <> 'unsubscribed') as blocked
    from contacts where id = ${contactId}`.execute(db);
  return rows[0] ?? null;
}

/** Everything among `offered` that is not in `chosen` is not wanted from now on. */
export async function chooseTopics(
  db: Db,
  said: Acceptance,
  { chosen, offered }: { readonly chosen: readonly string[]; readonly offered: readonly string[] },
): Promise<void> {
  const { contactId, now } = said;
  const before = await readPreferences(db, contactId, now);
  if (before === null) return;
  const isOn = (topic: string) => before.wanted.includes(topic);
  // A topic that still waits for its button and was left unticked is no news.
  for (const topic of offered.filter((one) => !chosen.includes(one) && isOn(one)))
    await unsubscribe(db, { contactId, topic, now, proof: said.proofOf(topic) });
  const added = offered.filter((one) => chosen.includes(one) && !isOn(one));
  if (added.length === 0) return;
  await transact(db, async (tx) => {
    await dueNow(tx, [contactId], now);
    await accept(tx, said, added, 'given');
  });
}

const pausedWhy = 'the contact paused its mail';

/** `until` null ends a pause. It is the mailbox that asks, so it holds for every contact with this address. */
export async function pauseMail(
  db: Db,
  {
    contactId,
    until,
    now,
  }: { readonly contactId: string; readonly until: number | null; readonly now: number },
): Promise<void> {
  await transact(db, async (tx) => {
    const contactIds = await findSharers(tx, contactId);
    await dueNow(tx, contactIds, now);
    await sql`
      update contacts set updated_at = instant(${now}), paused_until = ${until === null ? sql`null` : sql`instant(${until})`}
      where id = any(${contactIds}::bigint[])`.execute(tx);
    const unsent = sql`contact_id = any(${contactIds}::bigint[]) and settled_at is null and topic is not null`;
    const held = sql`${unsent} and why = ${pausedWhy}`;
    await deferDeliveries(tx, until === null ? held : unsent, { until: until ?? now, why: pausedWhy, now });
  });
}
