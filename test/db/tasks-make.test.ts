// Tasks in the ledger: one for each key, the next of the team's for each, whoever makes them and however often.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { close, connect } from '../../db/connect.ts';
import { claim } from '../../db/deliveries.ts';
import { type Making, makeTasks } from '../../db/tasks-make.ts';
import { monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { recordLog } from '../harness/log.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db, url } = await freshLedger();
const now = monday;
const team = ['olga', 'irina', 'max', 'tom', 'vera', 'zoe', 'ann'];
const candidatesOf = (names: readonly string[]) =>
  names.map((person) => ({ person, dueAt: now + 1_000, lookAt: now + 500 }));

function makingOf(key: string, said: Partial<Making> = {}): Making {
  return {
    key,
    deliveryId: null,
    contactId: '1',
    dealId: null,
    run: null,
    title: 'Call',
    notes: null,
    rule: { assign: { to: 'turn', team: 'sales' }, due: 'PT4H', remind: [], overdue: null },
    choice: { by: 'turn', team: 'sales', candidates: candidatesOf(team) },
    dueAt: now + 1_000,
    by: 'test',
    ...said,
  };
}
const countEach = async () => {
  const { rows } = await sql<{ owner: string; n: number }>`
    select owner, count(*)::int as n from tasks group by owner order by owner`.execute(db);
  return rows;
};

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 1, { dueAt: null });
});

it('four workers at once give out 10,000 tasks, and nobody of the team has more than one above another', async () => {
  const { log } = recordLog();
  const workers = Array.from({ length: 4 }, (_, i) => connect(url, { max: 1, name: `giver-${i}`, log }));
  const sizes = [5, 20, 50, 200];
  const keys = Array.from({ length: 10_000 }, (_, i) => `k-${i}`);
  const mine = workers.map((_, i) => keys.filter((__, k) => k % workers.length === i));
  await Promise.all(
    workers.map(async (own, i) => {
      for (let left = mine[i] ?? [], size = sizes[i] ?? 100; left.length > 0; left = left.slice(size))
        await makeTasks(
          own,
          left.slice(0, size).map((key) => makingOf(key)),
          now,
        );
    }),
  );
  await Promise.all(workers.map(close));
  const each = (await countEach()).map(({ n }) => n);
  expect(each).toHaveLength(team.length);
  expect(each.reduce((a, b) => a + b)).toBe(10_000);
  expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
}, 180_000);

it('the same again makes nothing, costs no turn, and answers the task that stands', async () => {
  const first = await makeTasks(db, [makingOf('a'), makingOf('b')], now);
  const again = await makeTasks(db, [makingOf('b'), makingOf('c')], now);
  expect(first).toMatchObject([
    { key: 'a', owner: 'olga', isNew: true },
    { key: 'b', owner: 'irina', isNew: true },
  ]);
  expect(again).toMatchObject([
    { id: first[1]?.id, owner: 'irina', isNew: false },
    { key: 'c', owner: 'max', isNew: true },
  ]);
  expect(await db.selectFrom('task_changes').select(['what', 'by', 'why']).execute()).toHaveLength(3);
});

it('the least loaded of a team is counted over all their open tasks', async () => {
  await makeTasks(
    db,
    ['a', 'b', 'c'].map((key) => makingOf(key)),
    now,
  );
  const least = makingOf('d', {
    choice: { by: 'least', team: 'sales', candidates: candidatesOf(['olga', 'irina', 'vera', 'tom']) },
  });
  const made = await makeTasks(db, [least, { ...least, key: 'e' }, { ...least, key: 'f' }], now);
  expect(made.map((one) => one?.owner)).toEqual(['vera', 'tom', 'olga']);
});

it('a delivery makes its task while it is held, and none once it is cancelled', async () => {
  const held = await makeDelivery(db, { verb: 'task', topic: null, to_contact: false });
  const gone = await makeDelivery(db, { verb: 'task', topic: null, to_contact: false });
  await claim(db, { now, limit: 10, token: randomUUID(), leaseMs: 60_000 });
  await sql`update deliveries set state = 'cancelled', token = null, lease_until = null, settled_at = instant(${now}),
    why = 'the run ended' where id = ${gone}`.execute(db);
  const makings = [held, gone].map((id) => makingOf(`delivery:${id}`, { deliveryId: id }));
  expect(await makeTasks(db, makings, now)).toMatchObject([{ owner: 'olga' }, null]);
});

it('who must not be mailed can still be called: suppression stops what goes to the contact, and no task', async () => {
  await sql`insert into suppressions (at, address_hash, reason) select instant(${now}), address_hash, 'complaint'
    from contacts`.execute(db);
  await makeDelivery(db, { verb: 'send', topic: null });
  const call = await makeDelivery(db, { verb: 'task', topic: null, to_contact: false });
  const claimed = await claim(db, { now, limit: 10, token: randomUUID(), leaseMs: 60_000 });
  expect(claimed.map(({ delivery }) => delivery.id)).toEqual([call]);
});

it('where nobody can be named it stands all the same, for whoever looks at the list', async () => {
  const [made] = await makeTasks(
    db,
    [makingOf('a', { choice: { by: 'first', team: null, candidates: [] } })],
    now,
  );
  expect(made).toMatchObject({ owner: null });
  expect(await db.selectFrom('tasks').selectAll().executeTakeFirst()).toMatchObject({
    state: 'open',
    due_at: now + 1_000,
    look_at: now + 1_000,
  });
});
