// Writes a batch of reactions in one statement: new runs are named, the rest moved, their history and deliveries
// added, what must not leave is cancelled, events are read, and the agenda says when each contact is next due.
// Order matters nowhere inside it, because no two of its parts touch the same row: `flatten` sees to that.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { placedAtDoors } from './runs-door.ts';
import type { ReactionRows } from './runs-rows.ts';

export interface Written {
  readonly deliveries: number;
  /** The ids of the runs that raise events, by their ref. */
  readonly ids: { readonly [ref: string]: string } | null;
}

export async function writeRows(tx: Tx, rows: ReactionRows, now: number): Promise<Written> {
  const raising = [...new Set(rows.raised.map((one) => one.ref))];
  const { rows: written } = await sql<Written>`
    with ${namedRuns(rows)}, ${placedAtDoors(now)}, ${writtenRuns}, ${insertedLines(rows, now)}, ${insertedDeliveries(rows, now)},
    ${cancelledDeliveries(rows, now)}, ${renamedDeliveries(rows)}, ${readEvents(rows)}, ${writtenAgenda(rows)}
    select (select count(*)::int from inserted_deliveries) as deliveries,
      (select json_object_agg(ref, run_id::text) from named_runs where ref = any(${raising}::int[])) as ids`.execute(
    tx,
  );
  return written[0] ?? { deliveries: 0, ids: null };
}

// nextval makes the part volatile, so it runs once, and every other part sees the same ids.
const namedRuns = ({ runs }: ReactionRows) => sql`
  named_runs as materialized (
    select said.*, coalesce(id, nextval('runs_id_seq')) as run_id
    from json_to_recordset(${JSON.stringify(runs)}::json) as said(ref int, id bigint, "contactId" bigint,
      "dealId" bigint, workflow text, plan text, node text, "nodeAt" double precision, "enteredAt" double precision,
      "wakeAt" double precision, memory jsonb, "endedAt" double precision, outcome text, goal boolean, "perDay" int)
  )`;

const writtenRuns = sql`
  inserted_runs as (
    insert into runs (id, contact_id, deal_id, entered_at, node_at, wake_at, ended_at, goal, workflow, plan_hash, node,
      outcome, memory)
    select run_id, "contactId", "dealId", instant("enteredAt"), instant("nodeAt"),
      coalesce(places.wake_at, instant("wakeAt")), instant("endedAt"), goal, workflow, plan, node, outcome, memory
    from named_runs left join places using (run_id) where id is null
  ),
  updated_runs as (
    update runs set node = said.node, node_at = instant(said."nodeAt"),
      wake_at = coalesce(places.wake_at, instant(said."wakeAt")), ended_at = instant(said."endedAt"), goal = said.goal, plan_hash = said.plan, outcome = said.outcome,
      memory = said.memory
    from named_runs as said left join places using (run_id) where runs.id = said.id
  )`;

const insertedLines = ({ lines }: ReactionRows, now: number) => sql`
  inserted_lines as (
    insert into run_history (run_id, at, event_id, what, node, why)
    select run_id, at, event_id, what, node, why from (
      select position, run_id, instant(at) as at, "eventId" as event_id, what, line.node, why
      from json_to_recordset(${JSON.stringify(lines)}::json) as line(ref int, position int, at double precision,
          "eventId" bigint, what text, node text, why text)
        join named_runs using (ref)
      union all
      select null, run_id, instant(${now}), null, 'waits', '@door',
        'waits its turn until ' || day || ': ' || per_day || ' a day may begin'
      from places where waits
    ) as said
    order by position
  )`;

const insertedDeliveries = ({ deliveries }: ReactionRows, now: number) => sql`
  inserted_deliveries as (
    insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, settled_at, state, verb,
      workflow, node, key, topic, payload, why, to_contact)
    select run_id, "contactId", "dealId", instant("dueAt"), instant("expiresAt"), instant(${now}),
      case state when 'cancelled' then instant(${now}) end, state, verb, workflow, effect.node, key, topic, payload,
      stop, coalesce("toContact", true)
    from json_to_recordset(${JSON.stringify(deliveries)}::json) as effect(ref int, position int, key text, verb text, node text,
        topic text, payload jsonb, "dueAt" double precision, "expiresAt" double precision, state text, stop text, "toContact" boolean)
      join named_runs using (ref)
    order by position
    on conflict (run_id, key) do nothing
    returning 1
  )`;

// Locked in order of id, as every other writer of deliveries does. A row that is already committing stays: its dot
// may be out, and only the reply can say what became of it.
const cancelledDeliveries = ({ cancels }: ReactionRows, now: number) => sql`
  stopped as (
    select deliveries.id, cancel.why
    from json_to_recordset(${JSON.stringify(cancels)}::json) as cancel(ref int, why text, nodes text[])
      join named_runs using (ref)
      join deliveries on deliveries.run_id = named_runs.run_id
    where (nodes is null or deliveries.node = any(nodes)) and deliveries.state in ('queued', 'deferred', 'sending')
    order by deliveries.id for update of deliveries
  ),
  cancelled_deliveries as (
    update deliveries set state = 'cancelled', settled_at = instant(${now}), token = null, lease_until = null,
      why = stopped.why
    from stopped where deliveries.id = stopped.id
  )`;

// A click on a mail is told by the step that sent it, and so is a task by the one that gave it: under its new name, the
// step that now waits for it hears it.
const renamedDeliveries = ({ renames }: ReactionRows) => sql`
  called as (
    select deliveries.id, name
    from json_to_recordset(${JSON.stringify(renames)}::json) as said(ref int, old text, name text)
      join named_runs using (ref)
      join deliveries on deliveries.run_id = named_runs.run_id and deliveries.node = old
    order by deliveries.id for update of deliveries
  ),
  renamed_deliveries as (
    update deliveries set node = name from called where deliveries.id = called.id
  ),
  renamed_tasks as (
    update tasks set node = name
    from json_to_recordset(${JSON.stringify(renames)}::json) as said(ref int, old text, name text)
      join named_runs using (ref)
    where tasks.contact_id = "contactId" and tasks.run_id = named_runs.run_id and tasks.node = old
  )`;

const readEvents = ({ read }: ReactionRows) => sql`
  read_events as (
    delete from unread
    using json_to_recordset(${JSON.stringify(read)}::json) as seen("contactId" bigint, "eventId" bigint)
    where unread.contact_id = seen."contactId" and unread.event_id = seen."eventId"
  )`;

const writtenAgenda = ({ due }: ReactionRows) => sql`
  next_due as (
    select * from json_to_recordset(${JSON.stringify(due)}::json) as said("contactId" bigint, at double precision)
  ),
  postponed as (
    update agenda set due_at = instant(next_due.at)
    from next_due where agenda.contact_id = next_due."contactId" and next_due.at is not null
  ),
  forgotten as (
    delete from agenda using next_due where agenda.contact_id = next_due."contactId" and next_due.at is null
  )`;
