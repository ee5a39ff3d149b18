// Events that steps raise, recorded unread in the transaction of the move. One statement, and only where there are any.
// Promises: once under their run and key. A stage that a step moves is a change like any other: the deal follows it,
// it joins the history, and other workflows enter and end by it. Several of one deal follow each other, and the last one stands.
import { sql } from 'kysely';
import type { Raised } from '../engine/step.ts';
import type { Tx } from './connect.ts';
import { ownPrefix } from './event-input.ts';

export interface RaisedRow extends Raised {
  readonly runId: string;
  readonly contactId: string;
}

export async function writeRaised(tx: Tx, raised: readonly RaisedRow[], now: number): Promise<void> {
  if (raised.length === 0) return;
  const rows = raised.map((one, position) => ({
    ...one,
    sourceId: `${ownPrefix}${one.runId}:${one.key}`,
    position,
  }));
  await sql`
    with said as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as said("sourceId" text, "contactId" bigint,
        "dealId" bigint, type text, data jsonb, position int)
    ),
    moved as (
      select * from (
        select "sourceId", deals.id, deals.contact_id, coalesce(data ->> 'pipeline', pipeline) as pipeline, position,
          coalesce(lag(data ->> 'to') over (partition by deals.id order by position), stage) as from_stage,
          data ->> 'to' as to_stage
        from said join deals on deals.id = "dealId"
        where type = 'deal.stage_changed'
      ) as told
      where to_stage is distinct from from_stage
    ),
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select "contactId", "dealId", instant(${now}), instant(${now}), type, "sourceId",
        case when moved.id is null then data else data || jsonb_build_object('pipeline', moved.pipeline,
          'from', from_stage, 'to', to_stage, 'late', false) end
      from said left join moved using ("sourceId")
      where type <> 'deal.stage_changed' or moved.id is not null
      order by said.position
      on conflict (source_id) do nothing
      returning id, contact_id, source_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    ),
    listed as (
      insert into stage_history (deal_id, contact_id, event_id, at, late, pipeline, from_stage, to_stage)
      select moved.id, moved.contact_id, happened.id, instant(${now}), false, pipeline, from_stage, to_stage
      from moved join happened on happened.source_id = "sourceId" order by position
    )
    update deals set pipeline = moved.pipeline, stage = to_stage, stage_at = greatest(stage_at, instant(${now})),
      facts_at = greatest(facts_at, instant(${now})), updated_at = instant(${now})
    from (
      select distinct on (moved.id) moved.id, moved.pipeline, to_stage
      from moved join happened on happened.source_id = "sourceId" order by moved.id, position desc
    ) as moved
    where deals.id = moved.id`.execute(tx);
}
