// The running scores, one row a contact, and the logs that they are folded from.
// Promises: one statement for any batch. Breaks if a row is written for a contact that is not held (agenda.claim), unless
// it is only written over what older rules left (`writeStale`).
import { sql } from 'kysely';
import type { Scored } from '../engine/scored.ts';
import type { Happening } from '../engine/step.ts';
import type { Db, Tx } from './connect.ts';

export interface ScoreRow extends Scored {
  readonly contactId: string;
}

export async function writeScores(tx: Tx, rows: readonly ScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into scores (contact_id, rules, state, levels)
    select "contactId", rules, state, levels
    from json_to_recordset(${JSON.stringify(rows)}::json) as said("contactId" bigint, rules text, state jsonb, levels jsonb)
    order by 1
    on conflict (contact_id) do update set rules = excluded.rules, state = excluded.state, levels = excluded.levels`.execute(
    tx,
  );
}

/** Only over rows that other rules left: whoever has written under the new ones meanwhile knew more. */
export async function writeStale(tx: Tx, rows: readonly ScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into scores (contact_id, rules, state, levels)
    select "contactId", rules, state, levels
    from json_to_recordset(${JSON.stringify(rows)}::json) as said("contactId" bigint, rules text, state jsonb, levels jsonb)
      join contacts on contacts.id = "contactId"
    order by 1
    on conflict (contact_id) do update set rules = excluded.rules, state = excluded.state, levels = excluded.levels
      where scores.rules <> excluded.rules`.execute(tx);
}

/** Everything that ever happened to each, in order of (at, id). */
export async function readLogs(
  db: Db | Tx,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Happening[]>> {
  const { rows } = await sql<{ contactId: string; log: Happening[] }>`
    select contact_id::text as "contactId", json_agg(json_build_object('id', id::text, 'type', type, 'at', ms(at),
      'dealId', deal_id::text, 'data', data) order by at, id) as log
    from events where contact_id = any(${contactIds}::bigint[]) group by contact_id`.execute(db);
  return new Map(rows.map(({ contactId, log }) => [contactId, log]));
}
