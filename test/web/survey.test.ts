// The answer to a survey: looked at by machines without being given, given by a person on POST alone, changed and kept.
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSurvey } from '../../db/surveys.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { sign } from '../../mail/links.ts';
import { dayMs, monday, sales } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const both = (en: string, ru: string) => ({ en, ru });
const catalogue = {
  ...emptyCatalogue,
  pipelines: [sales],
  facts: builtInFacts,
  surveys: ['nps'],
  questions: {
    nps: {
      template: 'nps',
      question: both('Would you recommend <us>?', 'Порекомендуете нас?'),
      low: both('no', 'нет'),
      high: both('yes', 'да'),
      sample: 1,
    },
  },
};
const { server, db, rings, time } = await openWeb({ catalogue: async () => catalogue });
await makeContacts(db, 2, { dueAt: null });
await sql`update contacts set locale = 'ru-RU' where id = 2`.execute(db);

let delivery = 0;
const ask = async (contactId = '1') => {
  delivery += 1;
  return await openSurvey(db, {
    id: String(delivery),
    contactId,
    dealId: null,
    runId: '9',
    workflow: 'w',
    node: 'ask',
    survey: 'nps',
    now: monday,
  });
};
const linkOf = (id: string) => `/s/${sign('survey', id, linkKeys)}`;
const post = (id: string, payload: string) =>
  server.inject({
    method: 'POST',
    url: linkOf(id),
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const get = (id: string, query = '') => server.inject({ method: 'GET', url: `${linkOf(id)}${query}` });
const answers = async (id: string) => {
  const rows = await db
    .selectFrom('survey_answers')
    .select(['score', 'comment'])
    .where('send_id', '=', id)
    .orderBy('id')
    .execute();
  return rows.map(({ score, comment }) => [score, comment]);
};
const events = async () => {
  const rows = await db
    .selectFrom('events')
    .select(['type', 'data'])
    .where('type', '=', 'survey.answered')
    .orderBy('id')
    .execute();
  return rows.map(({ data }) => data);
};

beforeEach(async () => {
  await sql`delete from events`.execute(db);
  rings.length = 0;
  time.now = monday;
});

describe('looking', () => {
  it('a scanner that follows all eleven links of many surveys records no answer', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => ask()));
    for (const id of ids) {
      const pages = await Promise.all(Array.from({ length: 11 }, (_, score) => get(id, `?score=${score}`)));
      expect(pages.map((page) => page.statusCode)).toEqual(Array(11).fill(200));
      await server.inject({ method: 'HEAD', url: `${linkOf(id)}?score=3` });
    }
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from survey_answers`.execute(db);
    expect([rows[0]?.n, await events(), rings]).toEqual([0, [], []]);
  });

  it('marks the score of the link, and only that', async () => {
    const page = await get(await ask(), '?score=7');
    expect(page.body).toContain('Would you recommend &lt;us&gt;?');
    expect(page.body.match(/value="(\d+)" required checked/g)).toEqual(['value="7" required checked']);
    expect((await get(await ask(), '?score=11')).body).not.toContain('checked');
  });

  it('speaks the contact’s language', async () => {
    const page = await get(await ask('2'));
    expect(page.body).toContain('<html lang="ru">');
    expect(page.body).toContain('Порекомендуете нас?');
  });
});

describe('answering', () => {
  it.each([
    [10, 'promoter', 'good to hear'],
    [8, 'passive', 'a ten'],
    [0, 'detractor', 'sorry'],
  ])('%i is a %s, who gets other thanks, and the runs hear it', async (score, group, words) => {
    const id = await ask();
    const page = await post(id, `score=${score}&comment=${encodeURIComponent('Because <b>')}`);
    expect(page.body).toContain(words);
    expect(await events()).toEqual([{ survey: 'nps', score, group, run: '9', step: 'ask' }]);
    expect(await answers(id)).toEqual([[score, 'Because <b>']]);
    expect(rings).toEqual(['advance']);
    expect((await sql`select 1 from agenda where contact_id = 1`.execute(db)).rows).toHaveLength(1);
  });

  it('a second answer replaces the first and both are kept; the same again is no event', async () => {
    const id = await ask();
    await post(id, 'score=3');
    await post(id, 'score=3&comment=well');
    time.now = monday + 13 * dayMs;
    await post(id, 'score=9');
    expect(await answers(id)).toEqual([
      [3, null],
      [3, 'well'],
      [9, null],
    ]);
    expect((await events()).map((data) => (data as { group: string }).group)).toEqual([
      'detractor',
      'promoter',
    ]);
    expect((await get(id)).body).toContain('value="9" required checked');
  });

  it('after fourteen days the answer stays', async () => {
    const id = await ask();
    await post(id, 'score=3');
    time.now = monday + 14 * dayMs;
    const page = await post(id, 'score=10');
    expect(page.body).toContain('stayed as it was');
    expect(await answers(id)).toEqual([[3, null]]);
  });

  it('without a number the form comes back and says so', async () => {
    const id = await ask();
    for (const payload of ['', 'score=', 'score=12', 'score=7.5', 'comment=x']) {
      const page = await post(id, payload);
      expect([page.statusCode, page.body.includes('role="alert"')]).toEqual([400, true]);
    }
    expect(await answers(id)).toEqual([]);
  });

  it('a token of another purpose, or a cut one, leads nowhere', async () => {
    const id = await ask();
    for (const token of [
      sign('task', `${id}:olga`, linkKeys),
      linkOf(id).slice(3, -1),
      sign('survey', '99999', linkKeys),
    ])
      expect((await server.inject({ method: 'GET', url: `/s/${token}` })).statusCode).toBe(404);
  });

  it('a mail that is tried again leads to the same asking', async () => {
    const first = await ask();
    delivery -= 1;
    expect(await ask()).toBe(first);
  });
});
