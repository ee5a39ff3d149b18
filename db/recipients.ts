// What the pages behind a mail's links ask of its recipient. Reads only.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

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
