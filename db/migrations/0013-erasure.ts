// A contact can be erased: its row goes, and what statistics need of its deals stays without it.
// Locks: dropping a foreign key takes `deals` and `contacts` for an instant and reads no row; a function is replaced.
import { type Kysely, sql } from 'kysely';

// A deal outlives its contact, under the number of nobody. Every writer of deals holds the contact, so the key that goes
// guarded nothing else.
const deals = 'alter table deals drop constraint deals_contact_id_fkey';

// A proof of consent stands on its own, so it may lose what ties it to the rest of the ledger and to the system that the
// event came from: delivery_id and source_id become null. Everything else of it, and every text, stays as it was written.
const proofs = `
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'consents' then
    if to_jsonb(new) = to_jsonb(old) || '{"delivery_id": null, "source_id": null}' then
      return new;
    end if;
  end if;
  raise exception 'the consent log is only added to' using errcode = '23001';
end $$;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [deals, proofs]) await sql.raw(part).execute(db);
}
