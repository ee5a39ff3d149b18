// Rows of the ledger that name only what a test is about.
import { type Insertable, sql } from 'kysely';
import type { Db } from '../../db/connect.ts';
import { applyDefinitions } from '../../db/plans.ts';
import type { Schema } from '../../db/schema.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Line, Reaction, Transition } from '../../engine/reaction.ts';
import type { Effect, Run } from '../../engine/step.ts';
import { dayMs, hash, monday } from './factories.ts';

export function makePlan(said: Partial<Plan> = {}): Plan {
  const workflow = said.workflow ?? 'nurture';
  return {
    hash: `hash-of-${workflow}`,
    workflow,
    description: '',
    owner: null,
    topic: 'marketing',
    sendWindow: null,
    enter: { when: {}, onlyIf: null, again: 'never', per: 'deal', perDay: null, rollout: 1, holdout: 0 },
    exits: [],
    first: 'intro',
    nodes: {},
    inFlight: 'migrate',
    renamed: {},
    removed: {},
    ...said,
  };
}

/** Applies the plans alone. */
export async function usePlans(db: Db, ...plans: Plan[]): Promise<void> {
  await applyDefinitions(db, { plans, templates: [], declarations: {} }, monday);
}

const emptied = [
  'contacts',
  'deals',
  'stage_history',
  'events',
  'runs',
  'run_history',
  'deliveries',
  'api_keys',
  'tasks',
  'task_changes',
  'survey_sends',
  'survey_answers',
  'hits',
];
const unnumbered = ['unread', 'agenda', 'held_batches', 'batch_deaths', 'suppressions', 'task_turns'];

/** Everything but definitions goes, and ids begin at 1 again. Twenty times faster than truncating so little. */
export async function emptyLedger(db: Db): Promise<void> {
  const deletes = ['deals', ...emptied, ...unnumbered].map((table) => `delete from ${table};`);
  const restarts = emptied.map((table) => `select setval('${table}_id_seq', 1, false);`);
  await sql.raw([...deletes, ...restarts].join('\n')).execute(db);
}

/** `count` contacts c-1, c-2 ... (or from another number) who agreed to marketing and are due on Monday; answers their ids. */
export async function makeContacts(
  db: Db,
  count: number,
  said: { dueAt?: number | null; from?: number } = {},
): Promise<string[]> {
  const { dueAt = monday, from = 1 } = said;
  const rows = Array.from({ length: count }, (_, i) => {
    const email = `c-${i + from}@acme.example`;
    return { key: `c-${i + from}`, email, hash: `\\x${hash(email).toString('hex')}` };
  });
  const { rows: made } = await sql<{ id: string }>`
    insert into contacts (key, email, address_hash, created_at, updated_at, facts_at, consent)
    select key, email, hash, instant(${monday}), instant(${monday}), instant(${monday}), '{"marketing": true}'
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, email text, hash bytea)
    returning id`.execute(db);
  const ids = made.map((row) => row.id);
  if (dueAt !== null)
    await sql`insert into agenda select unnest(${ids}::bigint[]), instant(${dueAt})`.execute(db);
  return ids;
}

function makeRun(said: Partial<Run> = {}): Run {
  return {
    id: 'new:1',
    workflow: 'nurture',
    plan: 'hash-of-nurture',
    contactId: '1',
    dealId: null,
    node: 'intro',
    nodeAt: monday,
    enteredAt: monday,
    wakeAt: monday + dayMs,
    memory: { visits: { intro: 1 }, happened: {} },
    endedAt: null,
    outcome: null,
    goal: false,
    ...said,
  };
}

export function makeEffect(said: Partial<Effect> = {}): Effect {
  return {
    key: 'intro#1',
    verb: 'send',
    node: 'intro',
    topic: 'marketing',
    payload: { template: 'intro' },
    dueAt: monday,
    expiresAt: monday + 3 * dayMs,
    ...said,
  };
}

export function makeTransition(run: Partial<Run>, said: Partial<Transition> = {}): Transition {
  const line: Line = { at: monday, what: 'arrived', node: 'intro', why: 'it begins here', eventId: null };
  return {
    run: makeRun(run),
    isNew: true,
    effects: [],
    cancels: false,
    patch: {},
    raises: [],
    perDay: null,
    lines: [line],
    ...said,
  };
}

export function makeReaction(contactId: string, said: Partial<Reaction> = {}): Reaction {
  return { contactId, transitions: [], read: [], nextDueAt: null, score: null, ...said };
}

let runs = 0;
/** A queued delivery to contact 1, of a run of its own; answers its id. */
export async function makeDelivery(
  db: Db,
  said: Partial<Insertable<Schema['deliveries']>> = {},
): Promise<string> {
  runs += 1;
  const row: Insertable<Schema['deliveries']> = {
    attempt: 0,
    run_id: String(runs),
    contact_id: '1',
    state: 'queued',
    due_at: new Date(monday),
    expires_at: new Date(monday + 3 * dayMs),
    created_at: new Date(monday),
    verb: 'send',
    workflow: 'nurture',
    node: 'intro',
    key: 'intro#1',
    topic: 'marketing',
    payload: '{"template": "intro"}',
    ...said,
  };
  const made = await db.insertInto('deliveries').values(row).returning('id').executeTakeFirstOrThrow();
  return made.id;
}

/** Until Postgres itself says that a session of this ledger waits for a lock. */
export async function untilBlocked(db: Db): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select 1 from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database() and pid <> pg_backend_pid()`.execute(
      db,
    );
    if (rows.length > 0) return;
  }
}
