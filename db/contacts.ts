// A contact and its deals as a page or a command looks at them: by the customer's own key, with the facts that
// conditions and templates see.
import { sql } from 'kysely';
import type { Fields } from '../engine/step.ts';
import type { Db, Tx } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface Contact {
  readonly id: string;
  readonly key: string;
  readonly facts: Fields;
  /** Why the engine was kept from it; null where it is not parked. */
  readonly parkedWhy: string | null;
}

/** null: nobody has that key. */
export async function findContact(db: Db | Tx, key: string): Promise<Contact | null> {
  const { rows } = await sql<Contact>`
    select id, key, ${contactFacts} as facts, parked_why as "parkedWhy" from contacts where key = ${key}`.execute(
    db,
  );
  return rows[0] ?? null;
}

export interface Deal {
  readonly id: string;
  readonly key: string;
  readonly contactId: string;
  readonly facts: Fields;
}

/** In the order in which the ledger met them. */
export async function readDeals(db: Db, contactIds: readonly string[]): Promise<Deal[]> {
  const { rows } = await sql<Deal>`
    select id, key, contact_id as "contactId", ${dealFacts} as facts
    from deals where contact_id = any(${contactIds}::bigint[]) order by id`.execute(db);
  return rows;
}
