// What the pages behind a mail's links ask of its recipient. Reads only.
import { sql } from 'kysely';
import type { Facts } from '../engine/step.ts';
import type { Db } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

/** null: not known, or erased. */
export async function readLocale(db: Db, contactId: string): Promise<string | null> {
  const { rows } = await sql<{ locale: string | null }>`
    select locale from contacts where id = ${contactId}`.execute(db);
  return rows[0]?.locale ?? null;
}

/** Mails to this contact whose last dot may be on the wire. Few are: deliveries_lease holds those in flight alone. */
export async function countCommitting(db: Db, contactId: string): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    select count(*)::int as mails from deliveries
    where lease_until is not null and state = 'committing' and contact_id = ${contactId}`.execute(db);
  return rows[0]?.mails ?? 0;
}

/** What a mail knew of its contact and deal, as it is now; null: one or the other is gone. */
export async function readFactsOf(db: Db, deliveryId: string): Promise<Facts | null> {
  const { rows } = await sql<Facts>`
    select ${contactFacts} as contact, case when deals.id is not null then ${dealFacts} end as deal
    from deliveries
      join contacts on contacts.id = deliveries.contact_id
      left join deals on deals.id = deliveries.deal_id
    where deliveries.id = ${deliveryId}`.execute(db);
  return rows[0] ?? null;
}

/** What a link of a mail may say of where it stands; null: the mail is gone. */
export async function readLinkOf(
  db: Db,
  deliveryId: string,
  target: string,
): Promise<{ workflow: string; step: string; template: string; topic: string | null } | null> {
  const { rows } = await sql<{ workflow: string; step: string; template: string; topic: string | null }>`
    select workflow, node as step, coalesce(targets.template, '') as template, topic
    from deliveries left join targets on targets.id = ${target} where deliveries.id = ${deliveryId}`.execute(
    db,
  );
  return rows[0] ?? null;
}
