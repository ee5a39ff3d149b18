// New tasks, a batch at a time, each with the owner whose turn it is.
// Promises: a key makes one task, however often and by however many it is tried; a delivery that is no longer held makes
// none. The teams are locked before their counts are read, in a statement of its own: a statement sees what was
// committed before it began, so counts read beside the wait for the lock would be those of before it.
import { sql } from 'kysely';
import type { Choice } from '../engine/people.ts';
import type { TaskRule } from '../engine/task-life.ts';
import { type Counts, giveOut } from '../engine/turns.ts';
import { type Db, type Tx, transact } from './connect.ts';

export interface Making {
  /** What makes it one: `delivery:17`, or the API caller's own id. */
  readonly key: string;
  /** The delivery that asks for it; null where a person or a program does. */
  readonly deliveryId: string | null;
  readonly contactId: string;
  readonly dealId: string | null;
  readonly run: { readonly id: string; readonly workflow: string; readonly node: string } | null;
  readonly title: string;
  readonly notes: string | null;
  readonly rule: TaskRule;
  readonly choice: Choice;
  /** Where nobody can be named, it is due then all the same. */
  readonly dueAt: number;
  readonly by: string;
}

export interface Made {
  readonly key: string;
  readonly id: string;
  readonly owner: string | null;
  readonly isNew: boolean;
}

/** One answer a making, in order; null where its delivery is no longer held. */
export async function makeTasks(db: Db, makings: readonly Making[], now: number): Promise<(Made | null)[]> {
  const made = await transact(db, async (tx) => {
    await lockTeams(
      tx,
      makings.map(({ choice }) => choice),
    );
    const { known, held, ...counts } = await readBefore(tx, makings);
    const fresh = makings.filter(
      ({ key, deliveryId }) =>
        !known.some((one) => one.key === key) && (deliveryId === null || held.includes(deliveryId)),
    );
    const inserted = fresh.length === 0 ? [] : await insert(tx, fresh, counts, now);
    return [...known, ...inserted];
  });
  return makings.map(({ key }) => made.find((one) => one.key === key) ?? null);
}

/** Whoever gives out tasks of a team waits for whoever is doing so; in order of name, so that nobody waits in a ring. */
export async function lockTeams(tx: Tx, choices: readonly Choice[]): Promise<void> {
  const teams = [...new Set(choices.flatMap(({ team }) => team ?? []))].sort();
  if (teams.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(hashtextextended('team ' || team, 0))
    from (select unnest(${teams}::text[]) as team order by 1) as teams`.execute(tx);
}

export const countsOf = (choices: readonly Choice[]) => sql`
  coalesce((
    select json_object_agg(team, turns) from (
      select team, json_object_agg(person, turn) as turns from task_turns
      where team = any(${choices.flatMap(({ team }) => team ?? [])}::text[]) group by team) as teams), '{}') as turns,
  coalesce((
    select json_object_agg(owner, open) from (
      select owner, count(*)::int as open from tasks
      where state = 'open' and owner = any(${peopleOf(choices)}::text[]) group by owner) as owners), '{}') as loads`;

function peopleOf(choices: readonly Choice[]): string[] {
  const counted = choices.filter(({ by }) => by === 'least');
  return [...new Set(counted.flatMap(({ candidates }) => candidates.map(({ person }) => person)))];
}

interface Before extends Counts {
  readonly known: readonly Made[];
  readonly held: readonly string[];
}

async function readBefore(tx: Tx, makings: readonly Making[]): Promise<Before> {
  const { rows } = await sql<Before>`
    with held as materialized (
      select id from deliveries where id = any(${makings.flatMap((one) => one.deliveryId ?? [])}::bigint[])
        and state = 'sending' order by id for update
    )
    select coalesce((select json_agg(id::text) from held), '[]') as held,
      coalesce((
        select json_agg(json_build_object('key', key, 'id', id::text, 'owner', owner, 'isNew', false)) from tasks
        where key = any(${makings.map((one) => one.key)}::text[])), '[]') as known,
      ${countsOf(makings.map(({ choice }) => choice))}`.execute(tx);
  return rows[0] ?? { known: [], held: [], turns: {}, loads: {} };
}

async function insert(
  tx: Tx,
  fresh: readonly Making[],
  counts: Counts,
  now: number,
): Promise<readonly Made[]> {
  const given = giveOut(
    fresh.map(({ choice }) => choice),
    counts,
  );
  const rows = fresh.map(({ choice, run, ...making }, i) => {
    const { candidate, turn } = given[i] ?? { candidate: null, turn: null };
    const { dueAt, lookAt } = candidate ?? { dueAt: making.dueAt, lookAt: making.dueAt };
    const owner = candidate?.person ?? null;
    return {
      ...making,
      runId: run?.id,
      workflow: run?.workflow,
      node: run?.node,
      team: choice.team,
      owner,
      turn,
      dueAt,
      lookAt,
    };
  });
  const { rows: made } = await sql<Made>`
    with said as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as said(key text, "contactId" bigint,
        "dealId" bigint, "runId" bigint, workflow text, node text, title text, notes text, rule jsonb, team text,
        owner text, turn bigint, "dueAt" double precision, "lookAt" double precision, by text)
    ),
    made as (
      insert into tasks (contact_id, deal_id, run_id, created_at, due_at, look_at, owner, title, notes, workflow, node,
        key, rule)
      select "contactId", "dealId", "runId", instant(${now}), instant("dueAt"), instant("lookAt"), owner, title, notes,
        workflow, node, key, rule
      from said order by key
      on conflict (key) do nothing
      returning id, key, owner
    ),
    told as (
      insert into task_changes (task_id, at, what, by, why)
      select id, instant(${now}), 'created', by, 'for ' || coalesce(made.owner, 'nobody') from made join said using (key)
    ),
    turned as (
      insert into task_turns (team, person, turn)
      select team, said.owner, max(turn) from said join made using (key) where turn is not null group by team, said.owner
      on conflict (team, person) do update set turn = excluded.turn
    )
    select key, id::text, owner, true as "isNew" from made`.execute(tx);
  return made;
}
