// Surveys as numbers: the latest answer of each asking that reached somebody, by month and segment; and the report of them.
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { reportOf } from '../../cli/report/nps.ts';
import { countSurveys, surveyNames } from '../../db/survey-counts.ts';
import { answerSurvey, openSurvey } from '../../db/surveys.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
await makeContacts(db, 120, { dueAt: null });
await sql`update contacts set locale = case when id % 3 = 0 then 'ru' else 'en' end where id <= 100`.execute(
  db,
);

/** Contact n is asked in month n % 4; of a hundred, eighty answer: n is a promoter where it divides by two. */
async function askAll(): Promise<void> {
  for (let n = 1; n <= 110; n++) {
    const isLost = n > 100;
    const delivery = await makeDelivery(db, {
      contact_id: String(n),
      state: isLost ? 'refused' : 'sent',
      settled_at: new Date(monday),
      why: isLost ? 'no such user' : null,
    });
    const at = monday - (n % 4) * 31 * dayMs;
    const of = {
      id: delivery,
      contactId: String(n),
      dealId: null,
      runId: '1',
      workflow: 'w',
      node: 'ask',
      now: at,
    };
    const id = await openSurvey(db, { ...of, survey: 'nps' });
    if (n <= 80) await answerSurvey(db, id, { score: 1, comment: null, now: at });
    if (n <= 80 && n % 2 === 0) await answerSurvey(db, id, { score: 9, comment: null, now: at + dayMs });
  }
}

it('counts the latest answers of those who were reached, and states a score with its interval', async () => {
  await askAll();
  const rows = await countSurveys(db, { survey: 'nps', since: monday - 365 * dayMs, by: 'contact.locale' });
  const { sent, answered, nps, trend, segments } = reportOf(rows, true);
  expect([sent, answered]).toEqual([100, 80]);
  expect(nps).toMatchObject({ is: 'score', promoters: 40, detractors: 40, score: { value: 0 } });
  expect(trend).toMatchObject({ n: 80 });
  expect(segments.map(({ segment, nps: own }) => [segment, own.n])).toEqual([
    ['en', 54],
    ['ru', 26],
  ]);
  expect(segments[1]?.nps).toMatchObject({ is: 'too few', needed: 30 });
  expect(await surveyNames(db)).toEqual(['nps']);
});

it('by month, by workflow, and only since then', async () => {
  const recent = await countSurveys(db, { survey: 'nps', since: monday, by: 'workflow' });
  expect(recent).toMatchObject([{ segment: 'w', sent: 25 }]);
  expect(await countSurveys(db, { survey: 'csat', since: 0, by: null })).toEqual([]);
  const { nps, trend } = reportOf(recent, false);
  expect([nps.is, trend.is]).toEqual(['too few', 'not enough yet']);
});
