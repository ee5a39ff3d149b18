// Runs that wait: written straight into the ledger, each a contact with a deal, an event, a history and a place in the agenda
// a month from now. They must cost those that move nothing.
import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';

export async function addWaitingRuns(db: Db, count: number): Promise<void> {
  await sql`
    with plan as (select hash from plans where workflow = 'mailing' and is_current),
    people as (
      insert into contacts (key, email, address_hash, first_name, locale, timezone, consent, created_at, updated_at, facts_at)
      select 'waiting-' || n, 'waiting-' || n || '@acme.example', sha256(('waiting-' || n)::bytea), 'Anna', 'en', 'Europe/Berlin', '{"marketing": true}', now(), now(), now()
      from generate_series(1, ${count}) as n returning id
    ),
    trade as (
      insert into deals (key, contact_id, pipeline, stage, stage_at, title, amount, currency, created_at, updated_at, facts_at)
      select 'waiting-' || id, id, 'sales', 'Lead', now(), 'Pumps', 5000, 'EUR', now(), now(), now() from people
      returning id, contact_id
    ),
    happened as (
      insert into events (source_id, type, at, contact_id, deal_id, data, received_at)
      select 'waiting-' || id, 'deal.stage_changed', now(), contact_id, id, '{"to": "Lead"}', now() from trade
    ),
    under_way as (
      insert into runs (workflow, plan_hash, contact_id, deal_id, node, node_at, wake_at, entered_at, memory)
      select 'mailing', plan.hash, contact_id, id, 'pause', now(), now() + interval '30 days', now(),
        '{"visits": {"hello": 1, "pause": 1}, "happened": {}}'
      from trade, plan returning id, contact_id
    ),
    lines as (
      insert into run_history (run_id, at, what, node, why)
      select id, now(), 'waits', 'pause', 'waits 30d' from under_way
    )
    insert into agenda (contact_id, due_at) select contact_id, now() + interval '30 days' from under_way`.execute(
    db,
  );
  await sql`analyze`.execute(db);
}
