import { beforeAll, expect, it } from 'vitest';
import { record } from '../../db/events.ts';
import { hash, hourMs, makeStageChange, monday, sales } from '../harness/factories.ts';
import { openWeb } from '../harness/web.ts';

const { server, db, keys } = await openWeb();
const get = (url: string, key = keys.read) =>
  server.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } });

beforeAll(async () => {
  const contact = {
    id: 'c-17',
    email: 'anna@acme.example',
    first_name: 'Anna',
    consent: { marketing: true },
  };
  const deal = { title: 'Pumps', amount: 12_000, currency: 'EUR' };
  const events = [
    makeStageChange('Lead', { contact, deal }),
    makeStageChange('Proposal', { at: monday + 2 * hourMs }),
    makeStageChange('Qualification', { at: monday + hourMs }),
  ];
  await record(db, events, { now: monday + 3 * hourMs, hash, pipelines: [sales] });
});

it('a contact is answered by the id that the customer gave it, as events spell it', async () => {
  const answer = await get('/v1/contacts/c-17');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    id: 'c-17',
    email: 'anna@acme.example',
    first_name: 'Anna',
    consent: { marketing: true },
    suppressed: [],
    parked: null,
    deals: [{ id: 'd-1042', stage: 'Proposal' }],
    runs: [],
  });
});

it('a deal is answered with every stage it came to, in order, the late ones marked', async () => {
  const { history, ...deal } = (await get('/v1/deals/d-1042')).json();
  expect(deal).toMatchObject({
    id: 'd-1042',
    contact: 'c-17',
    pipeline: 'sales',
    stage: 'Proposal',
    stage_at: '2026-11-23T12:00:00.000Z',
    amount: 12_000,
  });
  expect(history).toMatchObject([
    { from: null, to: 'Lead', at: '2026-11-23T10:00:00.000Z', late: false },
    { from: 'Lead', to: 'Qualification', at: '2026-11-23T11:00:00.000Z' },
    { to: 'Proposal', at: '2026-11-23T12:00:00.000Z' },
  ]);
});

it.each(['/v1/contacts/nobody', '/v1/deals/none', '/v1/nothing', '/v1/contacts/%00', '/v1/contacts/%ff'])(
  '%s is answered in words, not with a fault',
  async (url) => {
    const answer = await get(url);
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.json().error.message).toMatch(/\w+ \w+/);
  },
);

it('a key that may only send events reads nothing', async () => {
  expect((await get('/v1/contacts/c-17', keys.ingest)).statusCode).toBe(403);
  expect((await get('/v1/deals/d-1042', keys.admin)).statusCode).toBe(200);
});

it('a contact is erased by a key that may do everything, once, and the answer says what stays', async () => {
  const erase = (key: string) =>
    server.inject({
      method: 'DELETE',
      url: '/v1/contacts/c-17',
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await erase(keys.ingest)).statusCode).toBe(403);
  expect((await get('/v1/contacts/c-17')).statusCode).toBe(200);
  const answer = await erase(keys.admin);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ erased: true, found: { deals: 1 } });
  expect(answer.json().stays.suppression).toContain('is not written to');
  expect((await erase(keys.admin)).statusCode).toBe(404);
  expect((await get('/v1/contacts/c-17')).statusCode).toBe(404);
  expect((await get('/v1/deals/d-1042')).statusCode).toBe(404);
});
