// The ledger's past, contact by contact, as a backtest reads it: facts of today, what happened since, the stage each deal
// stood in then, and what one workflow did. Reads only, by key (id), so that memory is that of one batch.
// Promises: one statement a batch, index scans alone. Breaks where history was pruned: what is gone is not known.
import { sql } from 'kysely';
import type { Fields } from '../engine/step.ts';
import type { Db } from './connect.ts';
import { contactFacts, dealFacts } from './facts.ts';

export interface PastContact {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
  /** Of today. */
  readonly facts: Fields;
  readonly deals: readonly PastDeal[];
  /** In order; without what this workflow's own steps made happen. */
  readonly events: readonly PastEvent[];
  /** All of this workflow, in order. */
  readonly runs: readonly PastRun[];
  /** Mails of this workflow that were sent since, by step. */
  readonly mails: readonly { readonly node: string; readonly count: number }[];
}

export interface PastDeal {
  readonly id: string;
  readonly createdAt: number;
  readonly facts: Fields;
  /** Where it stood when the backtest begins; null: it had no stage yet. */
  readonly stoodIn: { readonly stage: string; readonly pipeline: string; readonly at: number } | null;
}

export interface PastEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  readonly dealId: string | null;
  readonly data: Fields;
}

export interface PastRun {
  readonly id: string;
  readonly dealId: string | null;
  readonly enteredAt: number;
  readonly endedAt: number | null;
  readonly outcome: string | null;
  readonly goal: boolean;
}

export interface PastQuery {
  readonly workflow: string;
  readonly since: number;
  readonly until: number;
  readonly afterId: string;
  readonly limit: number;
}

export async function readPast(
  db: Db,
  { workflow, since, until, afterId, limit }: PastQuery,
): Promise<PastContact[]> {
  const [from, to] = [sql`instant(${since})`, sql`instant(${until})`];
  const list = (query: ReturnType<typeof sql>) =>
    sql`coalesce((select json_agg(row) from (${query}) as row), '[]'::json)`;
  const { rows } = await sql<PastContact>`
    select contacts.id::text, contacts.key, ms(contacts.created_at) as "createdAt", ${contactFacts} as facts,
      ${list(sql`
        select deals.id::text, ms(deals.created_at) as "createdAt", ${dealFacts} as facts,
          (select json_build_object('stage', to_stage, 'pipeline', history.pipeline, 'at', ms(history.at))
            from stage_history as history
            where history.deal_id = deals.id and history.at < ${from} and not late
            order by history.at desc, history.id desc limit 1) as "stoodIn"
        from deals where deals.contact_id = contacts.id order by deals.id`)} as deals,
      ${list(sql`
        select events.id::text, type, ms(at) as at, deal_id::text as "dealId", data from events
        where events.contact_id = contacts.id and at >= ${from} and at < ${to} and not exists (
          select 1 from runs where runs.contact_id = contacts.id and workflow = ${workflow}
            and source_id like 'voronka:' || runs.id || ':%#%')
        order by at, events.id`)} as events,
      ${list(sql`
        select runs.id::text, deal_id::text as "dealId", ms(entered_at) as "enteredAt", ms(ended_at) as "endedAt",
          outcome, goal from runs
        where runs.contact_id = contacts.id and workflow = ${workflow} order by runs.id`)} as runs,
      ${list(sql`
        select node, count(*)::int as count from deliveries
        where deliveries.contact_id = contacts.id and workflow = ${workflow} and verb = 'send' and state = 'sent'
          and created_at >= ${from} and created_at < ${to}
        group by node`)} as mails
    from contacts where contacts.id > ${afterId} order by contacts.id limit ${limit}`.execute(db);
  return rows;
}
