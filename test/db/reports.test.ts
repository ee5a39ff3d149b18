// What a person asks of the whole ledger, and what may go from it after years.
import { beforeEach, expect, it } from 'vitest';
import { findContact, readDeals } from '../../db/contacts.ts';
import { record } from '../../db/events.ts';
import { countByStep } from '../../db/flow-counts.ts';
import { readHistory } from '../../db/history.ts';
import { prune } from '../../db/prune.ts';
import { countContacts, countDealsByStage, countMails, countRuns, listUnknown } from '../../db/reports.ts';
import { apply } from '../../db/runs.ts';
import { dayMs, hash, makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import {
  emptyLedger,
  makeContacts,
  makeDelivery,
  makeEffect,
  makePlan,
  makeReaction,
  makeTransition,
  usePlans,
} from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday;

beforeEach(async () => {
  await emptyLedger(db);
  await usePlans(db, makePlan(), makePlan({ workflow: 'welcome' }));
});

it('counts deals by stage, with what they are worth', async () => {
  const deal = (id: string, stage: string, amount: number) =>
    makeStageChange(stage, { deal: { id, amount } });
  const inputs = [
    deal('d-1', 'Lead', 5),
    deal('d-2', 'Lead', 7.5),
    deal('d-3', 'Won', 1),
    makeEvent({ deal: { id: 'd-4' } }),
  ];
  await record(db, inputs, { now, hash, pipelines: [sales] });
  expect(await countDealsByStage(db)).toEqual([
    { pipeline: 'sales', stage: 'Lead', deals: 2, amount: 12.5 },
    { pipeline: 'sales', stage: 'Won', deals: 1, amount: 1 },
  ]);
  expect(await countContacts(db)).toBe(1);
  expect((await readDeals(db, ['1'])).map((one) => [one.key, one.facts.stage])).toEqual([
    ['d-1', 'Lead'],
    ['d-2', 'Lead'],
    ['d-3', 'Won'],
    ['d-4', undefined],
  ]);
});

it('counts runs so that entered is under way, at the goal, or left', async () => {
  await makeContacts(db, 4);
  const ended = { node: null, wakeAt: null, endedAt: now };
  const states = [
    {},
    { ...ended, outcome: 'won', goal: true },
    { ...ended, outcome: 'replied' },
    { ...ended, outcome: 'replied' },
  ];
  const reactions = states.map((run, i) =>
    makeReaction(String(i + 1), { transitions: [makeTransition({ contactId: String(i + 1), ...run })] }),
  );
  await db.transaction().execute((tx) => apply(tx, reactions, now));
  expect(await countRuns(db)).toEqual([{ workflow: 'nurture', entered: 4, underWay: 1, goal: 1, left: 2 }]);
  expect(await countByStep(db, 'nurture')).toEqual([{ node: 'intro', came: 4, here: 1 }]);
  expect(await countByStep(db, 'welcome')).toEqual([]);
  expect(await readHistory(db, ['2'])).toEqual([
    {
      contactId: '2',
      workflow: 'nurture',
      runId: '2',
      dealId: null,
      at: monday,
      what: 'arrived',
      node: 'intro',
      why: 'it begins here',
      eventId: null,
    },
  ]);
});

it('counts mails in every state, and lists the unknown ones; a task is no mail, but what reminds of it is', async () => {
  await makeContacts(db, 1);
  await makeDelivery(db);
  await makeDelivery(db, {
    verb: 'task',
    payload: JSON.stringify({ title: 'Call' }),
    state: 'sent',
    settled_at: new Date(now),
  });
  await makeDelivery(db, { verb: 'call', payload: JSON.stringify({ url: 'https://crm.example' }) });
  await makeDelivery(db, { verb: 'task', payload: JSON.stringify({ notice: 'reminder' }) });
  const id = await makeDelivery(db, {
    state: 'unknown',
    settled_at: new Date(now),
    unknown_at: new Date(now),
    why: 'the line broke',
  });
  expect(await countMails(db)).toEqual({
    queued: 2,
    sending: 0,
    committing: 0,
    sent: 0,
    deferred: 0,
    refused: 0,
    unknown: 1,
    cancelled: 0,
  });
  expect(await listUnknown(db, 10)).toEqual([
    {
      id,
      contactKey: 'c-1',
      workflow: 'nurture',
      node: 'intro',
      topic: 'marketing',
      settledAt: now,
      why: 'the line broke',
    },
  ]);
});

it('finds a contact by key, and says why it is parked', async () => {
  const [id = ''] = await makeContacts(db, 2);
  expect(await findContact(db, 'c-1')).toMatchObject({
    id,
    key: 'c-1',
    facts: { id: 'c-1', consent: { marketing: true } },
    parkedWhy: null,
  });
  expect(await findContact(db, 'c-404')).toBeNull();
  await db
    .updateTable('contacts')
    .where('id', '=', id)
    .set({ parked_at: new Date(now), parked_why: 'it threw' })
    .execute();
  expect((await findContact(db, 'c-1'))?.parkedWhy).toBe('it threw');
});

it('strips what ended long ago of its details, once, and nothing that is still to leave', async () => {
  await makeContacts(db, 3);
  const ended = { node: null, wakeAt: null, endedAt: now, outcome: 'done' };
  const runs = [{ ...ended }, { ...ended, endedAt: now + dayMs }, { ...ended }];
  const reactions = runs.map((run, i) =>
    makeReaction(String(i + 1), {
      transitions: [makeTransition({ contactId: String(i + 1), ...run }, { effects: [makeEffect()] })],
    }),
  );
  await db.transaction().execute((tx) => apply(tx, reactions, now));
  await db
    .updateTable('deliveries')
    .where('run_id', '<>', '3')
    .set({ state: 'sent', settled_at: new Date(now) })
    .execute();
  expect(await prune(db, { before: now + 1, limit: 10 })).toBe(1);
  expect(await prune(db, { before: now + 1, limit: 10 })).toBe(0);
  expect(
    (await db.selectFrom('deliveries').select('run_id').orderBy('id').execute()).map((one) => one.run_id),
  ).toEqual(['2', '3']);
  expect(await readHistory(db, ['1'])).toEqual([]);
  expect((await countRuns(db))[0]?.entered).toBe(3);
});
