// The statements of the one path: their text, for review, and their plans in a ledger where many wait. A batch must
// cost what the batch is, whoever else is waiting: no table that grows is read whole.
import { randomUUID } from 'node:crypto';
import { type CompiledQuery, type KyselyPlugin, sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import { claim as claimContacts, hasDue, nextDueAt } from '../../db/agenda.ts';
import * as deliveries from '../../db/deliveries.ts';
import { record } from '../../db/events.ts';
import { apply, readStates } from '../../db/runs.ts';
import { settle } from '../../db/settle.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { dayMs, hash, makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import {
  makeDelivery,
  makeEffect,
  makePlan,
  makeReaction,
  makeTransition,
  usePlans,
} from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const waiting = 20_000;
const now = monday;
const seen: CompiledQuery[] = [];
const watcher: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => {
    seen.push(db.getExecutor().compileQuery(node, queryId));
    return node;
  },
  transformResult: async ({ result }) => result,
};
const watched = db.withPlugin(watcher);

beforeAll(async () => {
  await usePlans(db, makePlan());
  const at = sql`instant(${now})`;
  const later = sql`instant(${now + dayMs}) + n * interval '1 s'`;
  const each = sql`generate_series(1, ${waiting}::int) as n`;
  await sql`
    insert into contacts (key, email, address_hash, created_at, updated_at, facts_at, consent)
    select 'w-' || n, 'w-' || n || '@acme.example', sha256(n::text::bytea), ${at}, ${at}, ${at}, '{"marketing": true}'
    from ${each}`.execute(db);
  await sql`
    insert into deals (contact_id, key, pipeline, stage, stage_at, created_at, updated_at, facts_at)
    select n, 'w-' || n, 'sales', 'Lead', ${at}, ${at}, ${at}, ${at} from ${each}`.execute(db);
  await sql`
    insert into stage_history (deal_id, contact_id, at, late, pipeline, to_stage)
    select n, n, ${at}, false, 'sales', 'Lead' from ${each}`.execute(db);
  await sql`
    insert into events (contact_id, at, received_at, type, source_id)
    select n, ${at}, ${at}, 'form.submitted', 'w-' || n from ${each}`.execute(db);
  await sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, wake_at, workflow, plan_hash, node, memory)
    select n, n, ${at}, ${at}, ${later}, 'nurture', 'hash-of-nurture', 'intro', '{}' from ${each}`.execute(
    db,
  );
  await sql`
    insert into run_history (run_id, at, what, node, why) select n, ${at}, 'waits', 'intro', 'for a day' from ${each}
  `.execute(db);
  await sql`
    insert into deliveries (run_id, contact_id, deal_id, due_at, expires_at, created_at, state, verb, workflow, node, key,
      topic, payload)
    select n, n, n, ${later}, ${later}, ${at}, 'queued', 'send', 'nurture', 'intro', 'intro#1', 'marketing', '{}'
    from ${each}`.execute(db);
  await sql`insert into agenda (contact_id, due_at) select n, ${later} from ${each}`.execute(db);
  await sql`analyze`.execute(db);
}, 120_000);

/** Every table that grows with the ledger. */
const growing = [
  'contacts',
  'deals',
  'stage_history',
  'events',
  'runs',
  'run_history',
  'deliveries',
  'agenda',
];

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}
/** Tables read whole, or by walking an index from end to end; one that stops after its first rows may walk. */
function readWhole(node: PlanNode, isLimited = false): string[] {
  const type = node['Node Type'];
  const table = node['Relation Name'] ?? '';
  const walks = /Index/.test(type) && !node['Index Cond'] && !isLimited;
  const isWhole = growing.includes(table) && (type === 'Seq Scan' || walks);
  const stops = type === 'Limit' || (isLimited && ['LockRows', 'Result', 'Subquery Scan'].includes(type));
  return [
    ...(isWhole ? [`${type} of ${table}`] : []),
    ...(node.Plans ?? []).flatMap((one) => readWhole(one, stops)),
  ];
}

it('has these statements, and none of them reads whole what grows', async () => {
  await passOnce();
  const texts = [...new Map(seen.map((query) => [query.sql, query])).values()];
  for (const { sql: text, parameters } of texts) {
    const { rows } = await db.executeQuery<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
      ...sql`select 1`.compile(db),
      sql: `explain (format json) ${text}`,
      parameters,
    });
    expect({ text, readWhole: rows[0] && readWhole(rows[0]['QUERY PLAN'][0].Plan) }).toEqual({
      text,
      readWhole: [],
    });
  }
  const printed = texts.map((query) => query.sql.replace(/^\n|\s+$/g, '')).join('\n\n--\n');
  await expect(`${printed}\n`).toMatchFileSnapshot('statements.out');
});

/** The one path, once, with one of everything. */
async function passOnce(): Promise<void> {
  const email = 'c-17@acme.example';
  const options = { now, hash, pipelines: [sales] };
  const contact = { id: 'w-5', email, consent: { marketing: true } };
  await record(watched, [makeStageChange('Lead', { contact, deal: { id: 'w-5' } }), makeEvent()], options);
  await watched.transaction().execute(async (tx) => {
    const { contactIds: ids } = await claimContacts(tx, now, 500);
    const [state] = await readStates(tx, ids);
    const contactId = state?.contactId ?? '';
    const moved = makeTransition(
      { id: contactId, contactId, dealId: contactId },
      { isNew: false, effects: [makeEffect()] },
    );
    const ended = makeTransition(
      { contactId, node: null, wakeAt: null, endedAt: now, outcome: 'done' },
      { cancels: true },
    );
    const read = state?.events.map((event) => event.id) ?? [];
    await apply(
      tx,
      [makeReaction(contactId, { transitions: [moved, ended], read, nextDueAt: now + 1 })],
      now,
    );
  });
  await Promise.all([
    hasDue(watched, now),
    nextDueAt(watched),
    deliveries.hasDue(watched, now),
    deliveries.nextDueAt(watched),
  ]);
  const token = randomUUID();
  const ids = [
    await makeDelivery(db, { contact_id: '5', key: 'late#1' }),
    await makeDelivery(db, { contact_id: '6', key: 'late#1' }),
  ];
  await deliveries.claim(watched, { now, limit: 50, token, leaseMs: 60_000 });
  const held = ids.map((id) => ({ id, token, addressHash: null }));
  await deliveries.renew(watched, held, 60_000);
  await deliveries.commit(watched, held);
  await settle(watched, [{ id: ids[0] ?? '', token, outcome: { is: 'sent', reply: '250' } }], now);
  const dead = { is: 'refused', why: '550', reason: 'userunknown', hard: true } as const;
  await settle(watched, [{ id: ids[1] ?? '', token, outcome: dead }], now);
  await deliveries.rescue(watched, now);
  await unsubscribe(watched, { contactId: '7', topic: 'marketing', now });
}
