// Changes to contacts and deals that steps make (`set`, `move`), written in the transaction of the move.
// Two statements, and only for batches that hold such a change. An address is not among them: it comes in by an event,
// with its hash.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import type { ReactionRows } from './runs-rows.ts';

const contactColumns = ['consent', 'first_name', 'last_name', 'company', 'locale', 'timezone'];
const dealColumns = 'pipeline stage stage_at updated_at title amount currency owner'.split(' ');

/** Of several patches of one row, the last one that names a field counts. */
export async function writeContactPatches(
  tx: Tx,
  patches: ReactionRows['contactPatches'],
  now: number,
): Promise<void> {
  if (patches.length === 0) return;
  const merged = merge(patches, (one) => one.contactId);
  await sql`
    with said as (
      select id, patch, patch - ${contactColumns}::text[] as own
      from json_to_recordset(${JSON.stringify(merged)}::json) as said(id bigint, patch jsonb)
    )
    update contacts set updated_at = instant(${now}),
      first_name = case when patch ? 'first_name' then patch ->> 'first_name' else first_name end,
      last_name = case when patch ? 'last_name' then patch ->> 'last_name' else last_name end,
      company = case when patch ? 'company' then patch ->> 'company' else company end,
      locale = case when patch ? 'locale' then patch ->> 'locale' else locale end,
      timezone = case when patch ? 'timezone' then patch ->> 'timezone' else timezone end,
      consent = consent || coalesce(patch -> 'consent', '{}'),
      fields = jsonb_strip_nulls(fields || own)
    from said where contacts.id = said.id`.execute(tx);
}

/** The stage is left out: the event that the step raises brings it (writeRaised), with its history. */
export async function writeDealPatches(
  tx: Tx,
  patches: ReactionRows['dealPatches'],
  now: number,
): Promise<void> {
  if (patches.length === 0) return;
  const merged = merge(patches, (one) => one.dealId);
  await sql`
    with said as (
      select id, patch, patch - ${dealColumns}::text[] as own
      from json_to_recordset(${JSON.stringify(merged)}::json) as said(id bigint, patch jsonb)
    )
    update deals set updated_at = instant(${now}), facts_at = greatest(facts_at, instant(${now})),
      title = case when patch ? 'title' then patch ->> 'title' else title end,
      amount = case when patch ? 'amount' then (patch ->> 'amount')::numeric else amount end,
      currency = case when patch ? 'currency' then patch ->> 'currency' else currency end,
      owner = case when patch ? 'owner' then patch ->> 'owner' else owner end,
      fields = jsonb_strip_nulls(fields || own)
    from said where deals.id = said.id`.execute(tx);
}

function merge<T extends { readonly patch: object }>(patches: readonly T[], idOf: (one: T) => string) {
  const merged = new Map<string, { id: string; patch: object }>();
  for (const one of patches) {
    const id = idOf(one);
    merged.set(id, { id, patch: { ...merged.get(id)?.patch, ...one.patch } });
  }
  return [...merged.values()].sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)));
}
