// Contact and deal by the customer's own ids, with their facts: what a program means that names them.
import { sql } from 'kysely';
import type { Fields } from '../engine/step.ts';
import type { Db } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface Subject {
  readonly contactId: string;
  /** null: none was named, or it is no deal of this contact. */
  readonly dealId: string | null;
  readonly contact: Fields;
  readonly deal: Fields | null;
}

/** null: there is no such contact. */
export async function findSubject(db: Db, contact: string, deal: string | null): Promise<Subject | null> {
  const { rows } = await sql<Subject>`
    select contacts.id as "contactId", deals.id as "dealId", ${contactFacts} as contact,
      case when deals.id is not null then ${dealFacts} end as deal
    from contacts left join deals on deals.contact_id = contacts.id and deals.key = ${deal}::text
    where contacts.key = ${contact}`.execute(db);
  return rows[0] ?? null;
}
