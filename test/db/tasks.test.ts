// The life of a task: reminded, overdue, given to another, escalated, put off, closed; and what its run hears of it.
import { beforeEach, describe, expect, it } from 'vitest';
import { changeTask, listTasks, readTask } from '../../db/tasks.ts';
import { attendTasks } from '../../db/tasks-due.ts';
import { makeTasks } from '../../db/tasks-make.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { link } from '../../engine/link.ts';
import { chooseAmong } from '../../engine/people.ts';
import type { Overdue, TaskRequest } from '../../engine/requests.ts';
import { catalogue as golden } from '../engine/fixture.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const person = (name: string) => ({ name, email: `${name}@acme.example`, zone: null, away: [] });
const catalogue: Catalogue = {
  ...golden,
  people: {
    olga: person('olga'),
    ivan: person('ivan'),
    'sales-lead': person('sales-lead'),
    mute: { ...person('mute'), email: null },
  },
  teams: { sales: { members: ['olga', 'ivan'], lead: 'sales-lead' } },
};
const program = link([], [], [], catalogue);
const programOf = async () => program;
const rule: TaskRequest = {
  title: 'Call',
  notes: null,
  assign: { to: 'turn', team: 'sales' },
  due: 'PT4H',
  remind: ['PT1H'],
  overdue: null,
};

async function makeOne(overdue: Overdue | null = null, said: Partial<TaskRequest> = {}): Promise<string> {
  const request = { ...rule, overdue, ...said };
  const choice = chooseAmong(program, request, { contact: {}, deal: null }, monday);
  const run = { id: '77', workflow: 'w', node: 'call' };
  const [made] = await makeTasks(
    db,
    [
      {
        key: `k-${counter++}`,
        deliveryId: null,
        contactId: '1',
        dealId: null,
        run,
        title: 'Call',
        notes: null,
        rule: request,
        choice,
        dueAt: 0,
        by: 'w',
      },
    ],
    monday,
  );
  return made?.id ?? '';
}
let counter = 1;

const events = () => db.selectFrom('events').select(['type', 'at', 'data']).orderBy('id').execute();
const mails = () =>
  db.selectFrom('deliveries').select(['verb', 'payload', 'to_contact', 'run_id']).orderBy('id').execute();
const changes = async () => {
  const rows = await db.selectFrom('task_changes').select(['what', 'by', 'why']).orderBy('id').execute();
  return rows.map(({ what, by, why }) => `${what} ${by}: ${why}`);
};
const isDue = async () => (await db.selectFrom('agenda').selectAll().execute()).length > 0;

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 1, { dueAt: null });
});

describe('time passes', () => {
  it('a reminder goes to the owner so long before it is due, once, and wakes nobody', async () => {
    const id = await makeOne();
    expect(await attendTasks(db, programOf, monday + 3 * hourMs - 1)).toEqual({
      tasks: 0,
      overdue: 0,
      notices: 0,
    });
    expect(await attendTasks(db, programOf, monday + 3 * hourMs)).toEqual({
      tasks: 1,
      overdue: 0,
      notices: 1,
    });
    expect(await attendTasks(db, programOf, monday + 3 * hourMs)).toEqual({
      tasks: 0,
      overdue: 0,
      notices: 0,
    });
    expect(await mails()).toEqual([
      {
        verb: 'task',
        payload: { task: id, to: 'olga', notice: 'reminder' },
        to_contact: false,
        run_id: '77',
      },
    ]);
    expect(await isDue()).toBe(false);
  });

  it('at its due time it is overdue, once, at that very time, and its run hears it', async () => {
    const id = await makeOne();
    const late = monday + 9 * hourMs;
    expect(await attendTasks(db, programOf, late)).toEqual({ tasks: 1, overdue: 1, notices: 0 });
    expect(await attendTasks(db, programOf, late + hourMs)).toEqual({ tasks: 0, overdue: 0, notices: 0 });
    expect(await events()).toEqual([
      { type: 'task.overdue', at: monday + 4 * hourMs, data: { task: id, run: '77', step: 'call' } },
    ]);
    expect(await isDue()).toBe(true);
    expect(await readTask(db, id)).toMatchObject({ state: 'open', owner: 'olga', overdueAt: late });
  });

  it('escalating tells the other, who may close it, and leaves it with its owner', async () => {
    const id = await makeOne({ is: 'escalate', person: 'sales-lead' });
    await attendTasks(db, programOf, monday + 4 * hourMs);
    expect(await mails()).toMatchObject([{ payload: { to: 'sales-lead', notice: 'escalated' } }]);
    expect(await readTask(db, id)).toMatchObject({ owner: 'olga', escalatedTo: 'sales-lead' });
    expect(await changes()).toEqual(['created w: for olga', 'escalated voronka: sales-lead gets a mail']);
  });

  it('reassigning gives it to the next, with a new due time, and only once', async () => {
    const id = await makeOne({ is: 'reassign' });
    await attendTasks(db, programOf, monday + 4 * hourMs);
    expect(await readTask(db, id)).toMatchObject({ owner: 'ivan', dueAt: monday + 8 * hourMs });
    expect(await attendTasks(db, programOf, monday + 7 * hourMs)).toMatchObject({ notices: 1 });
    expect(await attendTasks(db, programOf, monday + 8 * hourMs)).toEqual({
      tasks: 1,
      overdue: 0,
      notices: 0,
    });
    expect((await mails()).map(({ payload }) => payload)).toMatchObject([
      { to: 'ivan', notice: 'reassigned' },
      { to: 'ivan', notice: 'reminder' },
    ]);
  });

  it('who has no address is not mailed, and the history says so', async () => {
    await makeOne({ is: 'remind' }, { assign: { to: 'person', person: 'mute' }, remind: [] });
    expect(await attendTasks(db, programOf, monday + 4 * hourMs)).toEqual({
      tasks: 1,
      overdue: 1,
      notices: 0,
    });
    expect((await changes()).at(-1)).toBe('overdue voronka: mute has no address in teams.yaml');
  });

  it('two sweeps at once attend a task once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => makeOne({ is: 'remind' })));
    const late = monday + 4 * hourMs;
    const both = await Promise.all([1, 2, 3].map(() => attendTasks(db, programOf, late)));
    expect(both.reduce((sum, one) => sum + one.overdue, 0)).toBe(20);
    expect(await mails()).toHaveLength(20);
  });
});

describe('people change it', () => {
  it('done is heard once, with its outcome, and a closed task changes no more', async () => {
    const id = await makeOne();
    const done = { change: { state: 'done', outcome: 'reached' }, by: 'link', now: monday + 1 } as const;
    expect(await changeTask(db, id, done)).toMatchObject({
      isNews: true,
      task: { state: 'done', closedAt: monday + 1 },
    });
    expect(await changeTask(db, id, { ...done, change: { state: 'cancelled' } })).toMatchObject({
      isNews: false,
      task: { state: 'done', outcome: 'reached' },
    });
    expect(await events()).toEqual([
      { type: 'task.done', at: monday + 1, data: { task: id, run: '77', step: 'call', outcome: 'reached' } },
    ]);
    expect(await isDue()).toBe(true);
    expect(await attendTasks(db, programOf, monday + 9 * hourMs)).toEqual({
      tasks: 0,
      overdue: 0,
      notices: 0,
    });
    expect(await changes()).toEqual(['created w: for olga', 'done link: reached']);
  });

  it('closed, it lets go the mails that it held, unless another one holds them', async () => {
    const until = monday + 240 * hourMs;
    const [first, second] = [
      await makeOne(null, { holdsUntil: until }),
      await makeOne(null, { holdsUntil: until - hourMs }),
    ];
    const fields = JSON.stringify({ held_until: until, held_since: monday, role: 'uses' });
    await db.updateTable('contacts').set({ fields }).execute();
    const why = 'waits for a colleague’s task to be closed until Mon 30 Nov 2026 10:00';
    const waiting = await makeDelivery(db, { state: 'deferred', due_at: new Date(until), why });
    const refused = await makeDelivery(db, { state: 'deferred', due_at: new Date(until), why: '451 later' });
    const facts = async () =>
      (await db.selectFrom('contacts').select('fields').executeTakeFirstOrThrow()).fields;
    const close = (id: string) =>
      changeTask(db, id, { change: { state: 'done' }, by: 'link', now: monday + 1 });
    await close(first);
    expect(await facts()).toEqual({ held_until: until - hourMs, held_since: monday, role: 'uses' });
    await close(second);
    expect(await facts()).toEqual({ role: 'uses' });
    const due = await db.selectFrom('deliveries').select(['id', 'due_at']).orderBy('id').execute();
    expect(due).toEqual([
      { id: waiting, due_at: monday + 1 },
      { id: refused, due_at: until },
    ]);
  });

  it('two who close it at once close it once', async () => {
    const id = await makeOne();
    const closings = (['done', 'cancelled'] as const).map((state) =>
      changeTask(db, id, { change: { state }, by: 'api', now: monday }),
    );
    expect((await Promise.all(closings)).filter((one) => one?.isNews)).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });

  it('put off, it is overdue at its new time, and heard again', async () => {
    const id = await makeOne();
    await attendTasks(db, programOf, monday + 4 * hourMs);
    const dueAt = monday + 24 * hourMs;
    await changeTask(db, id, { change: { dueAt, lookAt: dueAt }, by: 'api', now: monday + 5 * hourMs });
    expect(await readTask(db, id)).toMatchObject({ dueAt, overdueAt: null });
    expect(await attendTasks(db, programOf, dueAt)).toMatchObject({ overdue: 1 });
    expect((await events()).map(({ at }) => at)).toEqual([monday + 4 * hourMs, dueAt]);
  });

  it('lists by state, owner and contact, a page at a time; there is no task without a number', async () => {
    const ids = [await makeOne(), await makeOne(), await makeOne()];
    await changeTask(db, ids[0] ?? '', { change: { state: 'done' }, by: 'cli', now: monday });
    const idsOf = async (filter: object) =>
      (await listTasks(db, { limit: 10, ...filter })).map(({ id }) => id);
    expect(await idsOf({ state: 'open' })).toEqual(ids.slice(1));
    expect(await idsOf({ owner: 'ivan' })).toEqual([ids[1]]);
    expect(await idsOf({ contact: 'c-1', after: ids[1] })).toEqual([ids[2]]);
    expect(await idsOf({ contact: 'nobody' })).toEqual([]);
    expect([await readTask(db, 'x'), await readTask(db, '999'), await readTask(db, '1; drop')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
