import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openWeb } from '../harness/web.ts';

const { server, db, keys, rings, logged, time } = await openWeb({
  limits: { rate: { perSecond: 1_000, burst: 3_000 } },
});

let made = 0;
const anEvent = (more: object = {}) => ({
  id: `crm-${++made}`,
  type: 'form.submitted',
  at: '2026-11-23T09:59:00Z',
  contact: { id: 'c-17', email: 'anna@acme.example', locale: 'ru' },
  ...more,
});
const post = (payload: unknown, key: string | null = keys.ingest) =>
  server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

beforeEach(() => {
  rings.length = 0;
  logged.length = 0;
  time.ticks += 60_000;
});

describe('what comes in', () => {
  it('one event is recorded, answered 202 after the commit, and rings once', async () => {
    const event = anEvent();
    const answer = await post(event);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ results: [{ id: event.id, status: 'accepted' }] });
    expect(rings).toEqual(['advance']);
    const { rows } = await sql`select type from events where source_id = ${event.id}`.execute(db);
    expect(rows).toEqual([{ type: 'form.submitted' }]);
  });

  it('the same id again is a duplicate, and rings nobody', async () => {
    const event = anEvent();
    await post(event);
    rings.length = 0;
    const answer = await post(event);
    expect(answer.statusCode).toBe(202);
    expect(answer.json().results).toEqual([{ id: event.id, status: 'duplicate' }]);
    expect(rings).toEqual([]);
  });

  it('a broken event is refused alone, in its place, and the rest of the batch is accepted', async () => {
    const batch = [
      anEvent(),
      anEvent({ at: 'yesterday' }),
      anEvent({ type: 'deal.stage_changed', deal: { id: 'd-1', pipeline: 'sales', stage: 'Qualifcation' } }),
      anEvent(),
      17,
    ];
    const answer = await post(batch);
    expect(answer.statusCode).toBe(202);
    const { results } = answer.json();
    expect(results.map((result: { status: string }) => result.status)).toEqual([
      'accepted',
      'refused',
      'refused',
      'accepted',
      'refused',
    ]);
    expect(results[1]).toMatchObject({ path: 'at' });
    expect(results[2]).toMatchObject({
      path: 'deal.stage',
      reason: expect.stringContaining('Qualification'),
    });
    expect(results.map((result: { id: string }) => result.id)).toEqual([
      ...batch.slice(0, 4).map((event) => (event as { id: string }).id),
      '',
    ]);
  });

  it('where all are refused the answer is 422, and nobody is rung', async () => {
    const answer = await post([anEvent({ at: 'yesterday' }), anEvent({ contact: {} })]);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().results).toHaveLength(2);
    expect(rings).toEqual([]);
  });

  it('a batch of 1,000 is taken, one of 1,001 is told to come in parts', async () => {
    expect((await post(Array.from({ length: 1_000 }, () => anEvent()))).statusCode).toBe(202);
    time.ticks += 60_000;
    const answer = await post(Array.from({ length: 1_001 }, () => anEvent()));
    expect(answer.statusCode).toBe(413);
    expect(answer.json().error.message).toContain('at most 1000');
  });
});

describe('who may send', () => {
  it.each([
    ['without a key', null, 401, 'Authorization: Bearer'],
    ['with a key that nobody made', 'vk_nobody-made-this-one', 401, 'not known'],
    ['with a key that may only read', keys.read, 403, 'needs ingest'],
  ])('%s nothing is taken', async (_who, key, status, words) => {
    const answer = await post(anEvent(), key);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.message).toContain(words);
    expect(rings).toEqual([]);
  });

  it('a 401 says which scheme to use', async () => {
    expect((await post(anEvent(), null)).headers['www-authenticate']).toBe('Bearer realm="voronka"');
  });

  it('a revoked key is refused at once', async () => {
    await sql`update api_keys set revoked_at = now() where scope = 'admin'`.execute(db);
    expect((await post(anEvent(), keys.admin)).statusCode).toBe(401);
    await sql`update api_keys set revoked_at = null`.execute(db);
    expect((await post(anEvent(), keys.admin)).statusCode).toBe(202);
  });
});

describe('limits', () => {
  it('a key that sends too much is told when to come back; another key is not held up', async () => {
    const batch = Array.from({ length: 1_000 }, () => anEvent({ id: 'crm-same' }));
    for (let n = 0; n < 3; n++) expect((await post(batch)).statusCode).toBe(202);
    const answer = await post(anEvent());
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(anEvent(), keys.admin)).statusCode).toBe(202);
    time.ticks += 1_000 * Number(answer.headers['retry-after']);
    expect((await post(anEvent())).statusCode).toBe(202);
  });

  it.each([
    ['a body of over a megabyte', `[${'"x",'.repeat(400_000)}"x"]`, 413, '1 MB'],
    ['a body that is not JSON', '{"id": "x",}', 400, 'not JSON'],
    ['an empty body', '', 400, 'empty'],
    ['an empty batch', '[]', 400, 'empty'],
  ])('%s is refused in words', async (_what, body, status, words) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.message).toContain(words);
  });

  it('a form is told to be JSON', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/v1/events',
      headers: {
        authorization: `Bearer ${keys.ingest}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'id=1',
    });
    expect(answer.statusCode).toBe(415);
    expect(answer.json().error.message).toContain('Content-Type: application/json');
  });

  it('names that reach into prototypes are refused with their event and change no object', async () => {
    const answer = await post(`[{"id": "x", "__proto__": {"polluted": true}}, ${JSON.stringify(anEvent())}]`);
    expect(answer.json().results[0]).toMatchObject({ status: 'refused', path: '__proto__' });
    expect(answer.json().results[1]).toMatchObject({ status: 'accepted' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

it('the log names neither the contact nor the key', async () => {
  await post(anEvent());
  await post('{"email": "anna@acme.example"');
  expect(logged.join('')).toContain('POST /v1/events');
  expect(logged.join('')).not.toMatch(/anna|"c-17|vk_/);
});
