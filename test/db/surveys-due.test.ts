// Whoever has not answered is asked once more, and nobody else is.
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { answerSurvey, openSurvey } from '../../db/surveys.ts';
import { remindSurveys } from '../../db/surveys-due.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const remindAt = monday + 5 * dayMs;
const payload = JSON.stringify({ survey: 'nps', template: 'nps', window: 'business hours', remind: 'P5D' });

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 1, { dueAt: null });
});

async function ask(state: 'sent' | 'refused' = 'sent'): Promise<string> {
  const settled = {
    state,
    settled_at: new Date(monday),
    ...(state === 'sent' ? {} : { why: 'no such user' }),
  };
  const id = await makeDelivery(db, {
    verb: 'survey',
    node: 'ask',
    key: 'ask#1',
    topic: null,
    payload,
    ...settled,
  });
  const { runId } = await db
    .selectFrom('deliveries')
    .select('run_id as runId')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const asking = { id, contactId: '1', dealId: null, runId, workflow: 'nurture', node: 'ask', survey: 'nps' };
  return await openSurvey(db, { ...asking, remindAt, now: monday });
}
const reminders = () =>
  db
    .selectFrom('deliveries')
    .select(['verb', 'node', 'topic', 'payload'])
    .where('key', '=', 'ask#1-reminder')
    .execute();

it('a survey that nobody has answered is sent once more, with its topic and its window', async () => {
  const id = await ask();
  expect(await remindSurveys(db, remindAt - 1)).toBe(0);
  expect(await remindSurveys(db, remindAt)).toBe(1);
  expect(await remindSurveys(db, remindAt + dayMs)).toBe(0);
  expect(await reminders()).toEqual([
    {
      verb: 'survey',
      node: 'ask',
      topic: null,
      payload: { survey: 'nps', template: 'nps', window: 'business hours', reminder: id },
    },
  ]);
});

it('two sweeps at once remind once', async () => {
  await ask();
  const counts = await Promise.all([1, 2, 3].map(() => remindSurveys(db, remindAt)));
  expect(counts.reduce((sum, one) => sum + one)).toBe(1);
});

it.each([
  [
    'has answered',
    async (id: string) => answerSurvey(db, id, { score: 4, comment: null, now: monday + dayMs }),
  ],
  [
    'has unsubscribed since',
    async () =>
      sql`
      insert into events (contact_id, at, received_at, type, source_id, data)
      values (1, instant(${monday + dayMs}), now(), 'contact.unsubscribed', 'u', '{"topic": "marketing"}')`.execute(
        db,
      ),
  ],
])('who %s is not reminded', async (_, happen) => {
  await happen(await ask());
  expect(await remindSurveys(db, remindAt)).toBe(0);
  expect(await reminders()).toEqual([]);
});

it('nobody is reminded of a mail that never left', async () => {
  await ask('refused');
  expect(await remindSurveys(db, remindAt)).toBe(0);
});
