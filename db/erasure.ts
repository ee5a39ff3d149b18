// Erases a contact: its row goes, and with it all that was written of it or by it. What statistics need stays under the
// number of nobody; the consent log stays as proof, tied to nothing but the keyed hash of the address; and that hash is
// suppressed, so that a later import is not written to.
// Promises: one transaction; nothing of it that has not left leaves after its commit. Locks: the contact, then deliveries
// by id, then the rest. Breaks if a table gains words about a contact and erasure-rows.ts does not hear of it.
import { sql } from 'kysely';
import { erased } from '../engine/endings.ts';
import { dueNow, forget } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { findContact } from './contacts.ts';
import { cancelDeliveries } from './deliveries-fence.ts';
import { countTraces, type Traces } from './erasure-counts.ts';
import { endRuns, forgetDomain, removeRows, stripDeals, stripRows } from './erasure-rows.ts';

/** By the customer's own id; what an erasure would find. null: there is no such contact. */
export async function readTraces(db: Db, key: string): Promise<Traces | null> {
  const contact = await findContact(db, key);
  return contact === null ? null : await countTraces(db, contact.id);
}

/** Answers what was found and erased; null: there is no such contact, or not any more. */
export async function eraseContact(db: Db, key: string, now: number): Promise<Traces | null> {
  return await transact(db, async (tx) => {
    const contact = await findContact(tx, key);
    if (contact === null) return null;
    const { id } = contact;
    await dueNow(tx, [id], now);
    const unsent = await cancelDeliveries(
      tx,
      sql`contact_id = ${id} and settled_at is null`,
      erased.why,
      now,
    );
    const traces = await countTraces(tx, id);
    if (traces === null) {
      await forget(tx, [id]);
      return null;
    }
    const nobody = await nameNobody(tx);
    await endRuns(tx, id, nobody, now);
    await stripDeals(tx, id, nobody);
    await stripRows(tx, id, nobody, now);
    await suppressAddress(tx, id, now);
    await forgetDomain(tx, id);
    await removeRows(tx, id);
    return { ...traces, unsent };
  });
}

/** A number that no contact has or will have: what stays is counted as one person's, and leads to none. */
async function nameNobody(tx: Tx): Promise<string> {
  const { rows } = await sql<{ id: string }>`select nextval('contacts_id_seq') as id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('the ledger gave no number');
  return id;
}

async function suppressAddress(tx: Tx, contactId: string, now: number): Promise<void> {
  await sql`
    insert into suppressions (address_hash, topic, reason, at)
    select address_hash, '*', ${erased.outcome}, instant(${now}) from contacts
    where id = ${contactId} and address_hash is not null
    on conflict (address_hash, topic) do nothing`.execute(tx);
}
