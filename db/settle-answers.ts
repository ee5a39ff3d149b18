// What a run waited for has come: an event of its contact, in the transaction that settles the delivery. Once, under the
// delivery's id; the contacts are held and due already. Who was erased meanwhile waits for nothing.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { ownPrefix } from './event-input.ts';

/** An outcome, whatever it is. */
interface Said {
  readonly is: string;
  readonly why?: string;
}

export async function writeAnswers(
  tx: Tx,
  awaited: readonly { readonly id: string; readonly outcome: Said }[],
  settled: readonly { readonly id: string }[],
  now: number,
): Promise<void> {
  const written = new Set(settled.map((one) => one.id));
  const rows = awaited
    .filter(({ id }) => written.has(id))
    .map(({ id, outcome }) => ({ id, is: outcome.is, why: outcome.why ?? null }));
  if (rows.length === 0) return;
  await sql`
    with happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contacts.id, deal_id, instant(${now}), instant(${now}), verb || '.answered',
        ${`${ownPrefix}answered:`} || deliveries.id, jsonb_strip_nulls(jsonb_build_object('run', run_id::text,
          'step', node, 'key', deliveries.key, 'is', said.is, 'why', said.why))
      from json_to_recordset(${JSON.stringify(rows)}::json) as said(id bigint, "is" text, why text)
        join deliveries using (id) join contacts on contacts.id = deliveries.contact_id
      order by deliveries.id
      on conflict (source_id) do nothing
      returning id, contact_id
    )
    insert into unread (contact_id, event_id) select contact_id, id from happened`.execute(tx);
}
