// Tasks as people and programs see and change them: listed, closed, put off, given to another.
// Promises: a task is closed once, and its runs hear it in the same transaction (`task.done`, `task.cancelled`); the same
// again changes nothing and says so; every change stays, with who made it. Locks: the contact, then the task.
import { sql } from 'kysely';
import { heldFor } from '../engine/leaving.ts';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { deferDeliveries } from './deliveries-fence.ts';
import { ownPrefix } from './event-input.ts';

export interface KnownTask {
  readonly id: string;
  readonly state: 'open' | 'done' | 'cancelled';
  readonly title: string;
  readonly notes: string | null;
  readonly owner: string | null;
  readonly escalatedTo: string | null;
  /** The customer's own ids. */
  readonly contact: string;
  readonly deal: string | null;
  readonly workflow: string | null;
  readonly step: string | null;
  readonly outcome: string | null;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly overdueAt: number | null;
  readonly closedAt: number | null;
  /** Where it came from: the id that the API's caller gave it, or `delivery:17`. */
  readonly key: string;
  /** The words it may be closed with as done; null: any. */
  readonly outcomes: readonly string[] | null;
}

export interface TaskFilter {
  readonly state?: KnownTask['state'] | undefined;
  readonly owner?: string | undefined;
  /** The customer's own id. */
  readonly contact?: string | undefined;
  /** Answers those that come after this id. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const columns = sql`
  tasks.id, tasks.state, tasks.title, tasks.notes, tasks.owner, escalated_to as "escalatedTo", contacts.key as contact,
  deals.key as deal, tasks.workflow, tasks.node as step, tasks.outcome, ms(tasks.created_at) as "createdAt",
  ms(tasks.due_at) as "dueAt", ms(overdue_at) as "overdueAt", ms(closed_at) as "closedAt", tasks.key,
  rule -> 'outcomes' as outcomes
  from tasks join contacts on contacts.id = tasks.contact_id left join deals on deals.id = tasks.deal_id`;

/** In order of id. */
export async function listTasks(
  db: Db,
  { state, owner, contact, after, limit }: TaskFilter,
): Promise<KnownTask[]> {
  const { rows } = await sql<KnownTask>`
    select ${columns}
    where (${state ?? null}::text is null or tasks.state = ${state ?? null})
      and (${owner ?? null}::text is null or tasks.owner = ${owner ?? null})
      and (${contact ?? null}::text is null or contacts.key = ${contact ?? null})
      and (${after ?? null}::bigint is null or tasks.id > ${after ?? null})
    order by tasks.id limit ${limit}`.execute(db);
  return rows;
}

/** null: there is none. `id` is one that Postgres can read: digits. */
export async function readTask(db: Db | Tx, id: string): Promise<KnownTask | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  const { rows } = await sql<KnownTask>`select ${columns} where tasks.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

export interface TaskChange {
  readonly state?: 'done' | 'cancelled';
  /** How it ended, in a word that workflows may ask for: `reached`. */
  readonly outcome?: string;
  readonly owner?: string;
  /** Puts it off, or brings it forward: it is overdue again only once this has passed. */
  readonly dueAt?: number;
  /** When it is to be looked at next, for a reminder of the new due time. */
  readonly lookAt?: number;
  readonly title?: string;
  readonly notes?: string;
}

export interface Changing {
  readonly change: TaskChange;
  /** Who: `api`, `link`, `cli`. */
  readonly by: string;
  readonly now: number;
}

/** The task as it is afterwards; `isNews` false where it was closed already, and nothing was changed. null: there is none. */
export async function changeTask(
  db: Db,
  id: string,
  { change, by, now }: Changing,
): Promise<{ readonly task: KnownTask; readonly isNews: boolean } | null> {
  return await transact(db, async (tx) => {
    if ((await readTask(tx, id)) === null) return null;
    if (change.state !== undefined) await holdContact(tx, id, now);
    const isNews = await write(tx, id, { change, by, now });
    if (isNews && change.state !== undefined) await releaseMail(tx, id, now);
    const task = await readTask(tx, id);
    return task && { task, isNews };
  });
}

async function holdContact(tx: Tx, id: string, now: number): Promise<void> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id as "contactId" from tasks where id = ${id}`.execute(tx);
  await dueNow(
    tx,
    rows.map((row) => row.contactId),
    now,
  );
}

/** The mails that this task held may go, unless another open one holds them too. */
async function releaseMail(tx: Tx, id: string, now: number): Promise<void> {
  const { rows } = await sql<{ contactId: string }>`
    with held as materialized (
      select contacts.id, (
        select max((said ->> 'holdsUntil')::double precision) from (
          select rule as said from tasks as other where other.contact_id = contacts.id and other.state = 'open'
          union all
          select payload from deliveries where deliveries.contact_id = contacts.id and settled_at is null and verb = 'task'
        ) as others) as until
      from tasks join contacts on contacts.id = contact_id where tasks.id = ${id} and rule ? 'holdsUntil'
    )
    update contacts set updated_at = instant(${now}),
      fields = fields - array['held_until', 'held_since'] || case when until is null then '{}' else 
        jsonb_build_object('held_until', until, 'held_since', fields -> 'held_since') end
    from held where contacts.id = held.id
    returning contacts.id as "contactId"`.execute(tx);
  const [held] = rows;
  if (held === undefined) return;
  const theirs = sql`contact_id = ${held.contactId} and settled_at is null and topic is not null and why like ${`%${heldFor}%`}`;
  await deferDeliveries(tx, theirs, { until: now, why: 'the task that held it is closed', now });
}

async function write(tx: Tx, id: string, { change, by, now }: Changing): Promise<boolean> {
  const {
    state = null,
    outcome = null,
    owner = null,
    dueAt = null,
    lookAt = null,
    title = null,
    notes = null,
  } = change;
  const said = Object.keys(change).filter((key) => key !== 'lookAt' && key !== 'state');
  const why = outcome ?? (said.length === 0 ? 'closed' : said.join(', '));
  const { rows } = await sql<{ isNews: boolean }>`
    with changed as (
      update tasks set state = coalesce(${state}, state), outcome = coalesce(${outcome}, outcome),
        owner = coalesce(${owner}, owner), title = coalesce(${title}, title), notes = coalesce(${notes}, notes),
        due_at = coalesce(instant(${dueAt}), due_at),
        overdue_at = case when ${dueAt}::double precision is null then overdue_at end,
        closed_at = case when ${state}::text is not null then instant(${now}) end,
        look_at = case when ${state}::text is null then coalesce(instant(${lookAt}), look_at) end
      where id = ${id} and state = 'open'
      returning id, contact_id, deal_id, run_id, node, outcome
    ),
    told as (
      insert into task_changes (task_id, at, what, by, why)
      select id, instant(${now}), coalesce(${state}, case when ${dueAt}::double precision is not null then 'snoozed'
        when ${owner}::text is not null then 'reassigned' else 'changed' end), ${by}, ${why} from changed
    ),
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contact_id, deal_id, instant(${now}), instant(${now}), 'task.' || ${state}::text,
        ${`${ownPrefix}task-closed:`} || id,
        jsonb_strip_nulls(jsonb_build_object('task', id::text, 'run', run_id::text, 'step', node, 'outcome', outcome))
      from changed where ${state}::text is not null
      returning id, contact_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    )
    select exists (select 1 from changed) as "isNews"`.execute(tx);
  return rows[0]?.isNews ?? false;
}
