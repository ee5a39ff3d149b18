// Everything that react is told of a batch of contacts, read in one statement: one row, a JSON list per table.
// Five index scans for the batch, not five a contact; nothing here looks at who merely waits.
import { sql } from 'kysely';
import type { Memory } from '../engine/memory.ts';
import type { Scored } from '../engine/scored.ts';
import type { Fields } from '../engine/step.ts';
import type { Db, Tx } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface StateRows {
  readonly contacts: readonly {
    readonly id: string;
    readonly facts: Fields;
    readonly dueAt: number | null;
    readonly score: Scored | null;
  }[];
  readonly deals: readonly { readonly id: string; readonly contactId: string; readonly facts: Fields }[];
  readonly runs: readonly {
    readonly id: string;
    readonly workflow: string;
    readonly plan: string;
    readonly contactId: string;
    readonly dealId: string | null;
    readonly node: string;
    readonly nodeAt: number;
    readonly enteredAt: number;
    readonly wakeAt: number | null;
    readonly memory: Memory;
  }[];
  readonly entries: readonly {
    readonly contactId: string;
    readonly workflow: string;
    readonly dealId: string | null;
    readonly enteredAt: number;
  }[];
  readonly events: readonly {
    readonly contactId: string;
    readonly id: string;
    readonly type: string;
    readonly at: number;
    readonly dealId: string | null;
    readonly data: Fields;
  }[];
}

export async function readRows(db: Db | Tx, contactIds: readonly string[]): Promise<StateRows> {
  const ids = sql`any(${contactIds}::bigint[])`;
  const { rows } = await sql<{ [table in keyof StateRows]: StateRows[table] | null }>`
    select
      (select json_agg(row) from (
        select id::text, ${contactFacts} as facts, ms(nullif(due_at, 'infinity')) as "dueAt",
          case when scores.contact_id is not null
            then json_build_object('rules', rules, 'state', state, 'levels', levels) end as score
        from contacts left join agenda on agenda.contact_id = contacts.id
          left join scores on scores.contact_id = contacts.id
        where id = ${ids}
      ) as row) as contacts,
      (select json_agg(row) from (
        select id::text, contact_id::text as "contactId", ${dealFacts} as facts from deals where contact_id = ${ids}
        union all
        select deals.id::text, deals.contact_id::text, ${dealFacts}
        from runs join deals on deals.id = runs.deal_id
        where runs.contact_id = ${ids} and ended_at is null and deals.contact_id <> runs.contact_id
      ) as row) as deals,
      (select json_agg(row) from (
        select id::text, workflow, plan_hash as plan, contact_id::text as "contactId", deal_id::text as "dealId", node,
          ms(node_at) as "nodeAt", ms(entered_at) as "enteredAt", ms(wake_at) as "wakeAt", memory
        from runs where contact_id = ${ids} and ended_at is null order by runs.id
      ) as row) as runs,
      (select json_agg(row) from (
        select contact_id::text as "contactId", workflow, deal_id::text as "dealId", ms(max(entered_at)) as "enteredAt"
        from runs where contact_id = ${ids} group by contact_id, workflow, deal_id
      ) as row) as entries,
      (select json_agg(row) from (
        select events.contact_id::text as "contactId", id::text, type, ms(at) as at, deal_id::text as "dealId", data
        from unread join events on events.id = unread.event_id
        where unread.contact_id = ${ids} order by at, events.id
      ) as row) as events`.execute(db);
  const read = rows[0];
  return {
    contacts: read?.contacts ?? [],
    deals: read?.deals ?? [],
    runs: read?.runs ?? [],
    entries: read?.entries ?? [],
    events: read?.events ?? [],
  };
}
