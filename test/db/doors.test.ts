// The door of a workflow with a daily limit: how many may begin on one day of the company's zone, counted once however
// many workers let people in at the same time; the rest wait for the first day that has room.
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { transact } from '../../db/connect.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { apply } from '../../db/runs.ts';
import { door } from '../../engine/gates.ts';
import { dayMs, hourMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makePlan, makeReaction, makeTransition } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const plan = makePlan({ workflow: 'nurture' });
const midnight = monday - 10 * hourMs;

beforeEach(async () => {
  await emptyLedger(db);
  await db.deleteFrom('doors').execute();
  await applyDefinitions(db, { plans: [plan], templates: [], declarations: { zone: 'UTC' } }, monday);
});

/** One batch, as a worker writes it: everybody comes to the door of a workflow that lets in so many a day. */
async function comeToTheDoor(contactIds: readonly string[], perDay: number, now = monday): Promise<void> {
  const reactions = contactIds.map((contactId) => {
    const run = { contactId, node: door.id, nodeAt: now, enteredAt: now, wakeAt: now };
    return makeReaction(contactId, { transitions: [makeTransition(run, { perDay })], nextDueAt: now });
  });
  await transact(db, (tx) => apply(tx, reactions, now));
}

/** How many have which day, in days after the Monday's midnight; `now` for those who need not wait. */
async function days(): Promise<{ readonly [day: string]: number }> {
  const { rows } = await sql<{ wake: number; n: number }>`
    select ms(wake_at) as wake, count(*)::int as n from runs group by 1 order by 1`.execute(db);
  const nameOf = (wake: number) => (wake === monday ? 'now' : String((wake - midnight) / dayMs));
  return Object.fromEntries(rows.map(({ wake, n }) => [nameOf(wake), n]));
}

it('lets in so many today, and gives everybody else the first day that has room', async () => {
  await comeToTheDoor(await makeContacts(db, 25), 10);
  expect(await days()).toEqual({ now: 10, '1': 10, '2': 5 });
});

it('says in the history whom it lets wait, until when and why', async () => {
  await comeToTheDoor(await makeContacts(db, 2), 1);
  const lines = await db.selectFrom('run_history').select(['what', 'node', 'why']).orderBy('id').execute();
  expect(lines.filter(({ what }) => what === 'waits')).toEqual([
    { what: 'waits', node: '@door', why: 'waits its turn until 2026-11-24: 1 a day may begin' },
  ]);
});

it('counts once where eight workers let people in at the same time', async () => {
  const ids = await makeContacts(db, 80);
  const batches = Array.from({ length: 16 }, (_, i) => ids.slice(i * 5, i * 5 + 5));
  await Promise.all(batches.map((batch) => comeToTheDoor(batch, 30)));
  expect(await days()).toEqual({ now: 30, '1': 30, '2': 20 });
});

it('counts each workflow by itself', async () => {
  const [first = '', second = ''] = await makeContacts(db, 2);
  await applyDefinitions(
    db,
    { plans: [plan, makePlan({ workflow: 'other' })], templates: [], declarations: {} },
    monday,
  );
  const transitions = ['nurture', 'other'].map((workflow) =>
    makeTransition(
      { contactId: first, node: door.id, wakeAt: monday, workflow, plan: `hash-of-${workflow}` },
      { perDay: 1 },
    ),
  );
  const named = transitions.map((one, i) => ({ ...one, run: { ...one.run, id: `new:${i}` } }));
  await transact(db, (tx) => apply(tx, [makeReaction(first, { transitions: named })], monday));
  expect(await days()).toEqual({ now: 2 });
  await comeToTheDoor([second], 1);
  expect(await days()).toEqual({ now: 2, '1': 1 });
});

it('begins anew with the day of the company, whose midnight is not that of Greenwich', async () => {
  const declarations = { zone: 'Pacific/Auckland' };
  await applyDefinitions(db, { plans: [plan], templates: [], declarations }, monday);
  const ids = await makeContacts(db, 4);
  await comeToTheDoor(ids.slice(0, 2), 1);
  // 10:00 UTC is 23:00 in Auckland: its day ends in an hour.
  expect(await days()).toEqual({ now: 1, [String(11 / 24)]: 1 });
  await comeToTheDoor(ids.slice(2, 3), 1, monday + 2 * hourMs);
  await comeToTheDoor(ids.slice(3), 1, monday + 5 * dayMs);
  expect(await days()).toMatchObject({ [String(1 + 11 / 24)]: 1, [String(5 + 10 / 24)]: 1 });
});

it('keeps to a limit that was lowered or raised since', async () => {
  const ids = await makeContacts(db, 20);
  await comeToTheDoor(ids.slice(0, 12), 10);
  await comeToTheDoor(ids.slice(12, 15), 2);
  expect(await days()).toEqual({ now: 10, '1': 2, '2': 2, '3': 1 });
  await comeToTheDoor(ids.slice(15), 100);
  expect(await days()).toEqual({ now: 10, '1': 2, '2': 2, '3': 6 });
});
