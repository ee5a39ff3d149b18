// A form behind a letter's link: machines look and change nothing, a person's answers become facts and one event, wrong ones
// come back with what was typed, and what is decided or gone is said kindly.
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../db/events.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { sign } from '../../mail/links.ts';
import { dayMs, hash, makeEvent, makeStageChange, monday } from '../harness/factories.ts';
import { emptyLedger, makeDelivery } from '../harness/ledger.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const shipped = ['facts', 'forms', 'pipelines'].map((name) => ({
  path: `${name}.yaml`,
  text: readFileSync(`workflows/${name}.yaml`, 'utf8'),
}));
const { catalogue } = readCatalogue(shipped, {});
const { server, db, rings, time } = await openWeb({ catalogue: async () => catalogue });

const said = { now: monday, hash, ...catalogue };
let link = '';
let delivery = '';
beforeEach(async () => {
  await emptyLedger(db);
  time.now = monday + 3600_000;
  rings.length = 0;
  const contact = { locale: 'en', role: 'uses' };
  await record(db, [makeStageChange('Qualification', { contact, deal: { need: 'less downtime' } })], said);
  delivery = await makeDelivery(db, {
    deal_id: '1',
    run_id: '9',
    node: 'ask',
    key: 'ask#1',
    state: 'queued',
  });
  link = linkTo('bant');
});
const linkTo = (form: string, id = delivery) => `/f/${sign('form', `${id}:${form}`, linkKeys)}`;
const get = (url = link) => server.inject({ method: 'GET', url });
const post = (answers: Record<string, string>, url = link) =>
  server.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(answers).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const whole = {
  'deal.need': 'Pumps that tell us before they stop',
  'deal.timeline': 'quarter',
  'deal.budget': 'set',
  'contact.role': 'decides',
};
const events = async () => {
  const { rows } = await sql<{ data: object }>`
    select data from events where type = 'form.submitted' order by id`.execute(db);
  return rows.map((row) => row.data);
};
const facts = async () => {
  const { rows } = await sql<{ contact: object; deal: object }>`
    select contacts.fields as contact, deals.fields as deal from deals join contacts on contacts.id = contact_id`.execute(
    db,
  );
  return rows[0];
};

describe('the page', () => {
  it('shows the questions with what is known, and looking changes nothing', async () => {
    const before = await facts();
    for (const method of ['GET', 'HEAD'] as const) await server.inject({ method, url: link });
    const page = (await get()).body;
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('less downtime</textarea>');
    expect(page).toMatch(/name="contact.role" value="uses" checked/);
    expect(page).not.toMatch(/name="deal.budget" value="set" checked/);
    expect([await facts(), await events(), rings]).toEqual([before, [], []]);
  });

  it('speaks the language of the contact, whatever the browser says', async () => {
    await sql`update contacts set locale = 'ru-RU'`.execute(db);
    const page = (await server.inject({ method: 'GET', url: link, headers: { 'accept-language': 'de' } }))
      .body;
    expect(page).toContain('<html lang="ru">');
    expect(page).toContain('Что должно измениться в итоге?');
    expect(page).toContain('Отправить ответы');
  });

  it('escapes what others wrote', async () => {
    await record(db, [makeEvent({ id: 'x', at: monday, deal: { need: '</textarea><b>&' } })], said);
    expect((await get()).body).toContain('&lt;/textarea&gt;&lt;b&gt;&amp;</textarea>');
  });
});

describe('answers', () => {
  it('become facts of contact and deal, and one event in the same transaction', async () => {
    const answer = await post(whole);
    expect([answer.statusCode, answer.body.includes('That is all we need')]).toEqual([200, true]);
    expect(await facts()).toEqual({
      contact: { role: 'decides' },
      deal: { need: 'Pumps that tell us before they stop', timeline: 'quarter', budget: 'set' },
    });
    expect(await events()).toEqual([{ form: 'bant', run: '9', step: 'ask' }]);
    const { rows } = await sql`
      select deal_id::int, source_id, contact_id in (select contact_id from agenda where due_at <= instant(${time.now})) as due
      from events where type = 'form.submitted' and id in (select event_id from unread)`.execute(db);
    expect(rows).toEqual([{ deal_id: 1, source_id: `voronka:form:${delivery}:bant:1`, due: true }]);
    expect(rings).toEqual(['advance']);
  });

  it('that are sent twice are one event, and changed ones are another', async () => {
    await Promise.all([post(whole), post(whole)]);
    await post(whole);
    expect(await events()).toHaveLength(1);
    await post({ ...whole, 'deal.budget': 'none' });
    expect(await events()).toHaveLength(2);
    expect(await facts()).toMatchObject({ deal: { budget: 'none' } });
  });

  it('may be changed for fourteen days after the first, and not later', async () => {
    await post(whole);
    time.now += 14 * dayMs;
    expect((await post({ ...whole, 'deal.budget': 'planned' })).statusCode).toBe(200);
    time.now += 1;
    const late = await post({ ...whole, 'deal.budget': 'none' });
    expect([late.statusCode, late.body.includes('stay as they are')]).toEqual([409, true]);
    expect((await get()).body).toContain('stay as they are');
    expect(await facts()).toMatchObject({ deal: { budget: 'planned' } });
    expect(await events()).toHaveLength(2);
  });

  it('that are wrong are said beside their field, keep what was typed, and store nothing', async () => {
    const { statusCode, body } = await post({ 'deal.budget': 'set', 'deal.timeline': 'tomorrow' });
    expect(statusCode).toBe(400);
    expect(body).toMatch(/name="deal.budget" value="set" checked/);
    expect(body).toMatch(/aria-describedby="q1-hint q1-wrong" aria-invalid="true"/);
    expect(body).toMatch(/<p class="wrong" id="q1-wrong">Please answer this one/);
    expect(body).toMatch(/<p class="wrong" id="q2-wrong">Please choose one of these/);
    expect([await events(), rings]).toEqual([[], []]);
  });

  it('to what the form does not ask are not stored', async () => {
    await post({ ...whole, 'deal.stage': 'Purchase', 'contact.email': 'evil@x.example', 'deal.amount': '1' });
    const { rows } =
      await sql`select stage, amount, email from deals join contacts on contacts.id = contact_id`.execute(db);
    expect(rows).toEqual([{ stage: 'Qualification', amount: null, email: null }]);
  });
});

describe('a form that is no longer asked', () => {
  const decide = (stage: string) =>
    record(db, [makeStageChange(stage, { id: `to-${stage}`, at: monday + 1000 })], said);

  it('because the deal is decided says so, and takes no answer', async () => {
    await decide('Purchase');
    const [page, answer] = [await get(), await post(whole)];
    expect([page.statusCode, answer.statusCode]).toEqual([200, 409]);
    for (const { body } of [page, answer]) expect(body).toContain('this is settled');
    expect(await events()).toEqual([]);
  });

  it('is another that only a decided deal may answer', async () => {
    link = linkTo('loss');
    expect((await get()).body).toContain('this is open again');
    await decide('Lost');
    expect((await post({ 'deal.loss_reason': 'price' })).statusCode).toBe(200);
    expect(await facts()).toMatchObject({ deal: { loss_reason: 'price' } });
    expect(await events()).toEqual([{ form: 'loss', run: '9', step: 'ask' }]);
  });

  it('because the deal is somebody else’s now does not take it back', async () => {
    const given = makeEvent({
      id: 'given',
      at: monday + 1000,
      contact: { id: 'c-18' },
      deal: { owner: 'olga' },
    });
    await record(db, [given], said);
    expect((await post(whole)).statusCode).toBe(409);
    const { rows } = await sql`
      select contacts.key from deals join contacts on contacts.id = contact_id`.execute(db);
    expect(rows).toEqual([{ key: 'c-18' }]);
  });

  it('because the letter, the contact or the form is gone says so kindly', async () => {
    for (const url of [linkTo('bant', '99999'), linkTo('gone')]) {
      const [page, answer] = [await get(url), await post(whole, url)];
      expect([page.statusCode, answer.statusCode]).toEqual([200, 409]);
      expect(page.body).toContain('Nothing is asked here any more');
    }
    expect(await events()).toEqual([]);
  });

  it('because the token is of another purpose, or cut, leads nowhere', async () => {
    for (const url of [`/f/${sign('survey', `${delivery}:bant`, linkKeys)}`, link.slice(0, -1), '/f/x'])
      expect((await get(url)).statusCode).toBe(404);
  });
});
