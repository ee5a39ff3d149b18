// Tasks whose moment has come, a batch at a time: reminders, and what a due time that passes brings with it.
// Promises: `task.overdue` happens once for each due time, at that time, and the contact's runs hear it; each mail to a
// colleague is queued once, in the same transaction, as a delivery that is not to the contact. Locks: contacts, then
// tasks by id, then teams.
import { sql } from 'kysely';
import type { Catalogue } from '../engine/catalogue.ts';
import type { Choice } from '../engine/people.ts';
import type { Program } from '../engine/plan.ts';
import { type Attention, attend, type OpenTask } from '../engine/task-life.ts';
import { type Counts, giveOut } from '../engine/turns.ts';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { ownPrefix } from './event-input.ts';
import { countsOf, lockTeams } from './tasks-make.ts';

export interface Attended {
  readonly tasks: number;
  readonly overdue: number;
  /** Mails queued. */
  readonly notices: number;
}

/** `limit` tasks at most; the longest due first. */
export async function attendTasks(
  db: Db,
  programOf: () => Promise<Program>,
  now: number,
  limit = 500,
): Promise<Attended> {
  const { rows: due } = await sql<{ id: string; contactId: string; isDue: boolean }>`
    select id, contact_id as "contactId", due_at <= instant(${now}) and overdue_at is null as "isDue" from tasks
    where look_at <= instant(${now}) order by look_at limit ${limit}`.execute(db);
  if (due.length === 0) return { tasks: 0, overdue: 0, notices: 0 };
  const program = await programOf();
  return await transact(db, async (tx) => {
    await dueNow(tx, [...new Set(due.filter(({ isDue }) => isDue).map((one) => one.contactId))], now);
    const { rows: tasks } = await sql<OpenTask>`
      select id, owner, ms(due_at) as "dueAt", ms(overdue_at) as "overdueAt", rule from tasks
      where id = any(${due.map((one) => one.id)}::bigint[]) and look_at <= instant(${now})
      order by id for update`.execute(tx);
    const attentions = tasks.map((task) => ({ task, attention: attend(program, task, now) }));
    return await write(tx, await assign(tx, attentions), program.catalogue, now);
  });
}

interface Row {
  readonly id: string;
  readonly notice: Attention['notice'];
  readonly isOverdue: boolean;
  readonly lookAt: number | null;
  readonly owner: string | null;
  readonly dueAt: number;
  readonly escalatedTo: string | null;
  readonly team: string | null;
  readonly turn: number | null;
  /** Who is told. */
  readonly to: string | null;
}

/** Gives those that are to go to another to whose turn it is. */
async function assign(
  tx: Tx,
  attentions: readonly { readonly task: OpenTask; readonly attention: Attention }[],
): Promise<Row[]> {
  const choices = attentions.flatMap(({ attention }) => attention.reassign ?? []);
  await lockTeams(tx, choices);
  const given = new Map(await give(tx, choices));
  return attentions.map(({ task, attention }) => {
    const { notice, isOverdue, lookAt, tell, reassign } = attention;
    const next = reassign === null ? undefined : given.get(reassign);
    const owner = next?.candidate?.person ?? task.owner;
    return {
      id: task.id,
      notice,
      isOverdue,
      lookAt: next?.candidate?.lookAt ?? lookAt,
      owner,
      dueAt: next?.candidate?.dueAt ?? task.dueAt,
      escalatedTo: tell,
      team: reassign?.team ?? null,
      turn: next?.turn ?? null,
      to: notice === null ? null : (tell ?? owner),
    };
  });
}

async function give(tx: Tx, choices: readonly Choice[]) {
  if (choices.length === 0) return [];
  const { rows } = await sql<Counts>`select ${countsOf(choices)}`.execute(tx);
  const given = giveOut(choices, rows[0] ?? { turns: {}, loads: {} });
  return choices.map((choice, i) => [choice, given[i]] as const);
}

const lifetimeMs = 3 * 86_400_000;

async function write(tx: Tx, rows: readonly Row[], { people }: Catalogue, now: number): Promise<Attended> {
  const said = rows.map(({ to, ...row }) => {
    const isReachable = to !== null && typeof people[to]?.email === 'string';
    const told =
      to === null
        ? 'nobody has it'
        : isReachable
          ? `${to} gets a mail`
          : `${to} has no address in teams.yaml`;
    return {
      ...row,
      to: isReachable ? to : null,
      why: row.notice === null ? 'still open when it was due' : told,
    };
  });
  const { rows: written } = await sql<Attended>`
    with said as materialized (
      select * from json_to_recordset(${JSON.stringify(said)}::json) as said(id bigint, notice text, "isOverdue" boolean,
        "lookAt" double precision, owner text, "dueAt" double precision, "escalatedTo" text, team text, turn bigint,
        "to" text, why text)
    ),
    before as materialized (
      select tasks.*, said.notice, "isOverdue", said."to", said.why, tasks.due_at as was_due from said join tasks using (id)
    ),
    attended as (
      update tasks set look_at = instant("lookAt"), owner = said.owner, due_at = instant("dueAt"),
        escalated_to = coalesce("escalatedTo", escalated_to),
        overdue_at = case when "isOverdue" then instant(${now}) else overdue_at end
      from said where tasks.id = said.id
    ),
    told as (
      insert into task_changes (task_id, at, what, by, why)
      select id, instant(${now}), case notice when 'reminder' then 'reminded' when 'reassigned' then 'reassigned'
        when 'escalated' then 'escalated' else 'overdue' end, 'voronka', why
      from before where "isOverdue" or notice is not null order by id
    ),
    turned as (
      insert into task_turns (team, person, turn)
      select team, owner, max(turn) from said where turn is not null group by team, owner
      on conflict (team, person) do update set turn = excluded.turn
    ),
    ${happened(now)},
    ${queued(now)}
    select (select count(*)::int from said) as tasks, (select count(*)::int from happened) as overdue,
      (select count(*)::int from queued) as notices`.execute(tx);
  return written[0] ?? { tasks: 0, overdue: 0, notices: 0 };
}

/** Over `before`: what its contact's runs hear, dated when it was due. */
const happened = (now: number) => sql`
    happened as (
      insert into events (contact_id, deal_id, at, received_at, type, source_id, data)
      select contact_id, deal_id, was_due, instant(${now}), 'task.overdue',
        ${`${ownPrefix}task-overdue:`} || id || ':' || ms(was_due),
        jsonb_strip_nulls(jsonb_build_object('task', id::text, 'run', run_id::text, 'step', node))
      from before where "isOverdue" order by id
      on conflict (source_id) do nothing
      returning id, contact_id
    ),
    unseen as (
      insert into unread (contact_id, event_id) select contact_id, id from happened
    )`;

/** Over `before`: the mails to colleagues. */
const queued = (now: number) => sql`
    queued as (
      insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, state, verb, workflow, node,
        key, topic, payload, to_contact)
      select coalesce(run_id, 0), contact_id, deal_id, instant(${now}), instant(${now + lifetimeMs}), instant(${now}),
        'queued', 'task', coalesce(workflow, 'tasks'), coalesce(node, 'task'),
        'task-' || id || '-' || notice || '-' || ${now}::text, null,
        jsonb_build_object('task', id::text, 'to', "to", 'notice', notice), false
      from before where notice is not null and "to" is not null order by id
      on conflict (run_id, key) do nothing
      returning 1
    )`;
