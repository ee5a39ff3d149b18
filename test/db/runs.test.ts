// What becomes of react's answer: one statement, nothing lost, nothing twice, and no row of an illegal shape.
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { claim } from '../../db/agenda.ts';
import { record } from '../../db/events.ts';
import { apply, readStates } from '../../db/runs.ts';
import type { Reaction } from '../../engine/reaction.ts';
import { dayMs, hash, hourMs, makeStageChange, monday, sales } from '../harness/factories.ts';
import {
  emptyLedger,
  makeContacts,
  makeEffect,
  makePlan,
  makeReaction,
  makeTransition,
  usePlans,
} from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday + hourMs;
const write = (...reactions: Reaction[]) => db.transaction().execute((tx) => apply(tx, reactions, now));
const runs = () => db.selectFrom('runs').selectAll().orderBy('id').execute();
const deliveries = () => db.selectFrom('deliveries').selectAll().orderBy('id').execute();
const history = () => db.selectFrom('run_history').selectAll().orderBy('id').execute();
const agenda = () => db.selectFrom('agenda').selectAll().orderBy('contact_id').execute();

beforeEach(async () => {
  await emptyLedger(db);
  await usePlans(db, makePlan(), makePlan({ workflow: 'welcome' }));
});

describe('what it answered', () => {
  it('names new runs, and writes their history and deliveries under that name', async () => {
    await makeContacts(db, 2);
    const enter = (contactId: string) =>
      makeReaction(contactId, {
        transitions: [makeTransition({ contactId }, { effects: [makeEffect()] })],
        nextDueAt: monday + dayMs,
      });
    expect(await write(enter('1'), enter('2'))).toEqual({ deliveries: 2, transitions: 2 });
    expect(await runs()).toMatchObject([
      { id: '1', contact_id: '1', workflow: 'nurture', node: 'intro', wake_at: monday + dayMs },
      { id: '2', contact_id: '2' },
    ]);
    expect(await history()).toMatchObject([
      { run_id: '1', what: 'arrived', node: 'intro', why: 'it begins here', at: monday },
      { run_id: '2' },
    ]);
    expect(await deliveries()).toMatchObject([
      {
        run_id: '1',
        contact_id: '1',
        workflow: 'nurture',
        key: 'intro#1',
        verb: 'send',
        topic: 'marketing',
        payload: { template: 'intro' },
        state: 'queued',
        due_at: monday,
        expires_at: monday + 3 * dayMs,
        created_at: now,
        attempt: 0,
      },
      { run_id: '2' },
    ]);
    expect(await agenda()).toEqual([
      { contact_id: '1', due_at: monday + dayMs },
      { contact_id: '2', due_at: monday + dayMs },
    ]);
  });

  it('moves a run, reads its events, and forgets a contact that nothing awaits', async () => {
    await record(db, [makeStageChange('Lead')], { now, hash, pipelines: [sales] });
    await write(makeReaction('1', { transitions: [makeTransition({})], nextDueAt: now }));
    const end = { id: '1', node: null, wakeAt: null, endedAt: now, outcome: 'moved-on', goal: true };
    await write(
      makeReaction('1', {
        transitions: [makeTransition(end, { isNew: false })],
        read: ['1'],
        nextDueAt: null,
      }),
    );
    expect(await runs()).toMatchObject([{ node: null, ended_at: now, outcome: 'moved-on', goal: true }]);
    expect(await db.selectFrom('unread').selectAll().execute()).toEqual([]);
    expect(await agenda()).toEqual([]);
    expect(await db.selectFrom('events').selectAll().execute()).toHaveLength(1);
  });

  it('never queues the same key of a run twice', async () => {
    await makeContacts(db, 1);
    const again = (isNew: boolean) =>
      write(
        makeReaction('1', {
          transitions: [makeTransition({ id: isNew ? 'new:1' : '1' }, { isNew, effects: [makeEffect()] })],
        }),
      );
    expect(await again(true)).toEqual({ deliveries: 1, transitions: 1 });
    expect(await again(false)).toEqual({ deliveries: 0, transitions: 1 });
  });

  it('stops what has not left when the run ends, and leaves alone what may have', async () => {
    await makeContacts(db, 1);
    const states = ['queued', 'deferred', 'sending', 'committing', 'sent'] as const;
    const effects = states.map((state) => makeEffect({ key: state }));
    await write(makeReaction('1', { transitions: [makeTransition({}, { effects })] }));
    await sql`update deliveries set state = key, why = 'x',
      token = case when key in ('sending', 'committing') then gen_random_uuid() end,
      lease_until = case when key in ('sending', 'committing') then now() end,
      settled_at = case when key = 'sent' then now() end`.execute(db);
    const end = { id: '1', node: null, wakeAt: null, endedAt: now, outcome: 'replied' };
    await write(makeReaction('1', { transitions: [makeTransition(end, { isNew: false, cancels: true })] }));
    expect((await deliveries()).map((one) => [one.key, one.state])).toEqual([
      ['queued', 'cancelled'],
      ['deferred', 'cancelled'],
      ['sending', 'cancelled'],
      ['committing', 'committing'],
      ['sent', 'sent'],
    ]);
    expect((await deliveries())[2]).toMatchObject({
      why: 'the run ended: replied',
      token: null,
      settled_at: now,
    });
  });

  it('writes one row for a run that moved twice, and what it took back as cancelled', async () => {
    await makeContacts(db, 1);
    const end = { node: null, wakeAt: null, endedAt: now, outcome: 'replied' };
    await write(
      makeReaction('1', {
        transitions: [
          makeTransition({}, { effects: [makeEffect()] }),
          makeTransition(end, { isNew: false, cancels: true }),
        ],
      }),
    );
    expect(await runs()).toMatchObject([{ outcome: 'replied' }]);
    expect(await deliveries()).toMatchObject([{ state: 'cancelled', why: 'the run ended: replied' }]);
    expect(await history()).toHaveLength(2);
  });

  it('sets facts of contacts and deals, null empties, and the last that names a field counts', async () => {
    const contact = { city: 'Kazan', consent: { marketing: true } };
    await record(db, [makeStageChange('Lead', { contact })], { now, hash, pipelines: [sales] });
    const first = { contact: { first_name: 'Anna', city: 'Perm', consent: { digest: true } } };
    const second = { contact: { city: null }, deal: { amount: 7, hot: true, stage: 'Won' } };
    await write(
      makeReaction('1', {
        transitions: [
          makeTransition({ dealId: '1' }, { patch: first }),
          makeTransition({ id: 'new:2', workflow: 'welcome', dealId: '1' }, { patch: second }),
        ],
      }),
    );
    const [state] = await readStates(db, ['1']);
    expect(state?.contact).toEqual({
      id: 'c-17',
      first_name: 'Anna',
      consent: { marketing: true, digest: true },
      created_at: monday,
    });
    expect(state?.deals['1']).toMatchObject({ stage: 'Lead', amount: 7, hot: true });
  });

  it('records what a step raises once, and a deal that a step moves follows with its history', async () => {
    await record(db, [makeStageChange('Lead')], { now, hash, pipelines: [sales] });
    const raises = [
      { key: 'move#1', type: 'deal.stage_changed', dealId: '1', data: { to: 'Proposal' } },
      { key: 'tell#1', type: 'offer.made', dealId: null, data: { by: 'us' } },
    ];
    const raise = (id: string) =>
      write(
        makeReaction('1', {
          transitions: [makeTransition({ id, dealId: '1' }, { isNew: id !== '1', raises })],
          read: ['1'],
          nextDueAt: now,
        }),
      );
    await raise('new:1');
    await raise('1');
    const [state] = await readStates(db, ['1']);
    expect(state?.deals['1']).toMatchObject({ stage: 'Proposal', stage_at: now, updated_at: now });
    expect(state?.events).toMatchObject([
      {
        type: 'deal.stage_changed',
        at: now,
        data: { pipeline: 'sales', from: 'Lead', to: 'Proposal', late: false },
      },
      { type: 'offer.made', dealId: null, data: { by: 'us' } },
    ]);
    expect(state?.dueAt).toBe(now);
    expect(await db.selectFrom('stage_history').selectAll().execute()).toHaveLength(2);
  });

  it('lets a deal that two runs move at once go from the first stage to the second, and stand there', async () => {
    await record(db, [makeStageChange('Lead')], { now, hash, pipelines: [sales] });
    const moveTo = (to: string, workflow: string) =>
      makeTransition(
        { id: `new:${workflow}`, dealId: '1', workflow },
        { raises: [{ key: 'move#1', type: 'deal.stage_changed', dealId: '1', data: { to } }] },
      );
    const transitions = [moveTo('Proposal', 'nurture'), moveTo('Won', 'welcome')];
    await write(makeReaction('1', { transitions, read: ['1'], nextDueAt: now }));
    const [state] = await readStates(db, ['1']);
    expect(state?.deals['1']).toMatchObject({ stage: 'Won' });
    expect(state?.events.map(({ data }) => [data.from, data.to])).toEqual([
      ['Lead', 'Proposal'],
      ['Proposal', 'Won'],
    ]);
    const moves = await db.selectFrom('stage_history').selectAll().orderBy('id').execute();
    expect(moves.map((one) => one.to_stage)).toEqual(['Lead', 'Proposal', 'Won']);
  });
});

it('stops what is queued of a step that is gone, and leaves the rest under its new name', async () => {
  await makeContacts(db, 1);
  const effects = ['intro', 'promo', 'last'].map((node) => makeEffect({ node, key: `${node}#1` }));
  await write(makeReaction('1', { transitions: [makeTransition({}, { effects })] }));
  await sql`update deliveries set state = 'sent', settled_at = now() where node = 'last'`.execute(db);
  const [contact_id, run_id] = ['1', '1'];
  const task = { title: 'Call', workflow: 'nurture', node: 'intro', key: 'delivery:1', rule: '{}' };
  const at = new Date(monday);
  await db
    .insertInto('tasks')
    .values({ ...task, contact_id, run_id, created_at: at, due_at: at })
    .execute();
  const edit = { stops: ['promo', 'last'], why: 'the workflow was edited', renamed: { intro: 'hello' } };
  const moved = makeTransition({ id: '1', node: 'hello' }, { isNew: false, edit, lines: [] });
  await write(makeReaction('1', { transitions: [moved] }));
  expect((await deliveries()).map(({ node, key, state, why }) => [node, key, state, why])).toEqual([
    ['hello', 'intro#1', 'queued', null],
    ['promo', 'promo#1', 'cancelled', 'the workflow was edited'],
    ['last', 'last#1', 'sent', null],
  ]);
  expect(await db.selectFrom('tasks').select('node').execute()).toEqual([{ node: 'hello' }]);
  // Its key stays taken: nothing is queued under it again.
  const again = makeTransition(
    { id: '1', node: 'hello' },
    { isNew: false, effects: [makeEffect()], lines: [] },
  );
  await write(makeReaction('1', { transitions: [again] }));
  expect(await deliveries()).toHaveLength(3);
});

it('two workers share what is due, and never the same contact', async () => {
  const ids = await makeContacts(db, 10);
  await db.transaction().execute(async (one) => {
    const { contactIds: first } = await claim(one, now, 6);
    const { contactIds: second } = await db.transaction().execute((other) => claim(other, now, 6));
    expect(first).toHaveLength(6);
    expect([...first, ...second].sort((a, b) => Number(a) - Number(b))).toEqual(ids);
  });
});

it.each([
  ['ended without an outcome', { node: null, wakeAt: null, endedAt: now }],
  ['ended and waking', { node: null, endedAt: now, outcome: 'done', wakeAt: now }],
  ['under way nowhere', { node: null }],
  ['a goal that has not ended', { goal: true }],
])('a run that is %s is refused', async (_, run) => {
  await makeContacts(db, 1);
  await expect(write(makeReaction('1', { transitions: [makeTransition(run)] }))).rejects.toThrow(
    'check constraint',
  );
});

it('a second open run of the same workflow for the same subject is refused', async () => {
  await makeContacts(db, 1);
  const enter = () => write(makeReaction('1', { transitions: [makeTransition({})] }));
  await enter();
  await expect(enter()).rejects.toThrow('runs_open');
});
