// Every change of a task is told to another program (teams.yaml `webhook:`), in order: the next change of a task is queued
// once the delivery that told of the one before is settled, so that a program which is down for an hour hears them one
// after another. The rows carry ids alone; what the task is like is read when it leaves.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

const lifetimeMs = 3 * 86_400_000;

export async function hasUntold(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from task_changes where delivery_id is null limit 1`.execute(db);
  return rows.length > 0;
}

/** Where nobody is to be told: what has happened so far is not told later either. */
export async function skipUntold(db: Db): Promise<void> {
  await sql`update task_changes set delivery_id = 0 where delivery_id is null`.execute(db);
}

/** Queues the next change of each task; answers how many. A reminder is no change. */
export async function tellChanges(db: Db, now: number, limit = 500): Promise<number> {
  const { rows } = await sql<{ told: number }>`
    with next as materialized (
      select distinct on (task_id) task_id, id, what, by, at from task_changes
      where delivery_id is null and what <> 'reminded' order by task_id, id
    ),
    free as materialized (
      select next.*, 'task-' || task_id || '-told-' || next.id as key, contact_id, deal_id, workflow, node
      from next join tasks on tasks.id = task_id
      where not exists (
        select 1 from task_changes as before join deliveries on deliveries.id = before.delivery_id
        where before.task_id = next.task_id and before.delivery_id > 0 and settled_at is null)
      order by next.id limit ${limit}
    ),
    queued as (
      insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, state, verb, workflow, node,
        key, topic, payload, to_contact)
      select 0, contact_id, deal_id, instant(${now}), instant(${now + lifetimeMs}), instant(${now}), 'queued', 'task',
        coalesce(workflow, 'tasks'), coalesce(node, 'task'), key, null,
        jsonb_build_object('task', task_id::text, 'change', id::text, 'what', what, 'by', by, 'at', ms(at)), false
      from free order by id
      on conflict (run_id, key) do nothing
      returning id, key
    ),
    skipped as (
      update task_changes set delivery_id = 0 where delivery_id is null and what = 'reminded'
    ),
    noted as (
      update task_changes set delivery_id = queued.id from queued join free using (key)
      where task_changes.task_id = free.task_id and task_changes.id = free.id
    )
    select count(*)::int as told from queued`.execute(db);
  return rows[0]?.told ?? 0;
}
