// Links followed and pictures loaded, from the request to the event: the redirect, the hit, the judgement.
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { transact } from '../../db/connect.ts';
import { writeTargets } from '../../db/targets.ts';
import { emptyPolicy } from '../../engine/policy.ts';
import { sign } from '../../mail/links.ts';
import { judgeDue } from '../../workers/hits.ts';
import { dayMs, minuteMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { catalogue, linkKeys, openWeb } from '../harness/web.ts';

let policy = emptyPolicy;
const { server, db, time, logged } = await openWeb({ catalogue: async () => ({ ...catalogue, policy }) });
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const targets = ['/a', '/b?x=1', '/{{ contact.company | url_encode }}'].map((path, n) => ({
  id: `t${n}`,
  url: `https://acme.example${path}`,
}));
let delivery = '';

beforeAll(async () => {
  await transact(db, (tx) => writeTargets(tx, [{ name: 'offer', locale: 'en', targets }], monday));
});
beforeEach(async () => {
  await emptyLedger(db);
  time.now = monday + dayMs;
  // The same id again is another mail: what the last one was allowed is not held against it.
  time.ticks += dayMs;
  await makeContacts(db, 1, { dueAt: null });
  await sql`update contacts set company = 'A & B'`.execute(db);
  const sent = { state: 'sent', settled_at: new Date(monday), run_id: '9' } as const;
  delivery = await makeDelivery(db, sent);
});

const ask = (url: string, method: 'GET' | 'HEAD' = 'GET', agent = firefox) =>
  server.inject({ method, url, headers: { 'user-agent': agent } });
const click = (target: string, method?: 'GET' | 'HEAD', agent?: string) =>
  ask(`/c/${sign('click', `${delivery}:${target}`, linkKeys)}`, method, agent);
const open = (agent?: string) => ask(`/o/${sign('open', delivery, linkKeys)}`, 'GET', agent);
const hits = () => db.selectFrom('hits').selectAll().orderBy('id').execute();
/** They are written in batches, a moment later. */
async function written(count: number) {
  for (let looks = 0; looks < 6_000; looks += 1) {
    const rows = await hits();
    if (rows.length >= count) return rows;
    await wait(10);
  }
  throw new Error(`there are not ${count} hits`);
}
const judged = async (afterMs = minuteMs) => {
  await judgeDue(db, time.now + afterMs);
  return (await hits()).map((one) => one.class);
};
const events = async () =>
  (await db.selectFrom('events').selectAll().orderBy('id').execute()).map(({ type, data }) => ({
    type,
    data,
  }));

describe('a tracked link', { timeout: 120_000 }, () => {
  it('carries the tags of the policy as it is when it is followed', async () => {
    policy = { ...emptyPolicy, utm: { source: 'acme', campaign: '{workflow}-{template}' } };
    expect((await click('t1')).headers.location).toBe(
      'https://acme.example/b?x=1&utm_source=acme&utm_campaign=nurture-offer',
    );
    policy = emptyPolicy;
    expect((await click('t1')).headers.location).toBe('https://acme.example/b?x=1');
    await written(2);
  });

  it('leads where its author said, for each contact', async () => {
    for (const [target, address] of [
      ['t0', 'https://acme.example/a'],
      ['t1', 'https://acme.example/b?x=1'],
      ['t2', 'https://acme.example/A%20%26%20B'],
    ] as const) {
      const answer = await click(target);
      expect([answer.statusCode, answer.headers.location]).toEqual([302, address]);
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
    }
    const rows = await written(3);
    expect(rows.map(({ kind, target, method, signs }) => ({ kind, target, method, signs }))).toEqual(
      ['t0', 't1', 't2'].map((target) => ({ kind: 'click', target, method: 'GET', signs: ['browser'] })),
    );
    expect(logged.join('')).not.toContain('acme.example/A');
  });

  it('leads nowhere else: no token of another purpose, no query, no unknown target', async () => {
    const other = sign('unsubscribe', `${delivery}:t0`, linkKeys);
    const forged = sign('click', `${delivery}:t0`, [{ id: 'k1', secret: 'another secret altogether' }]);
    for (const url of [
      `/c/${other}`,
      `/c/${forged}`,
      '/c/x',
      `/c/${sign('click', `${delivery}:t9`, linkKeys)}`,
    ])
      expect((await ask(url)).statusCode).toBe(404);
    const answer = await ask(`/c/${sign('click', `${delivery}:t0`, linkKeys)}?url=https://evil.example`);
    expect(answer.headers.location).toBe('https://acme.example/a');
    await written(2);
  });

  it('that a person follows becomes one event, once the mail has been quiet', async () => {
    await click('t0');
    await click('t0');
    await written(2);
    expect(await judged(5_000)).toEqual([null, null]);
    expect(await judged()).toEqual(['human', 'human']);
    expect(await judged()).toEqual(['human', 'human']);
    const data = { run: '9', workflow: 'nurture', step: 'intro', delivery, class: 'human', link: 't0' };
    expect(await events()).toEqual([
      { type: 'mail.clicked', data: { ...data, url: 'https://acme.example/a' } },
    ]);
    expect(await db.selectFrom('unread').selectAll().execute()).toHaveLength(1);
    expect(await db.selectFrom('agenda').selectAll().execute()).toHaveLength(1);
    expect((await hits()).every((one) => one.visitor === null)).toBe(true);
  });

  it('that a gateway fetches with all the others is no event, nor the click that began it', async () => {
    await click('t0');
    await click('t1');
    await click('t2');
    expect((await click('trap')).statusCode).toBe(204);
    await written(4);
    expect(new Set(await judged())).toEqual(new Set(['scanner']));
    expect((await hits())[0]?.reasons).toContain('followed the hidden link');
    expect(await events()).toEqual([]);
  });

  it('asked for with HEAD is answered alike, and is no person’s', async () => {
    const answer = await click('t0', 'HEAD');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, 'https://acme.example/a']);
    await written(1);
    expect(await judged()).toEqual(['scanner']);
    expect(await events()).toEqual([]);
  });

  it('still leads on, and counts for nobody, when its mail has been pruned', async () => {
    await click('t0');
    await written(1);
    await db.deleteFrom('deliveries').execute();
    expect(await judged()).toEqual(['human']);
    expect(await events()).toEqual([]);
    expect((await click('t2')).headers.location).toBe('https://acme.example/');
  });

  it('is proof of a mail of which nobody knew', async () => {
    const at = { settled_at: new Date(monday), unknown_at: new Date(monday), why: 'its worker died' };
    await sql`delete from deliveries`.execute(db);
    delivery = await makeDelivery(db, { state: 'unknown', ...at, run_id: '9' });
    await click('t0');
    await written(1);
    await judged();
    expect(await db.selectFrom('deliveries').select(['state', 'unknown_at']).execute()).toEqual([
      { state: 'sent', unknown_at: null },
    ]);
  });

  it('asked for without end stops counting, and still leads on', async () => {
    for (let n = 0; n < 400; n += 1) expect((await click('t0')).statusCode).toBe(302);
    const rows = await written(300);
    await judged();
    expect(rows.length).toBeLessThanOrEqual(300);
    expect(await events()).toEqual([]);
  });
});

describe('the picture of a mail', { timeout: 120_000 }, () => {
  it('is one pixel, and an open of a person', async () => {
    const answer = await open();
    expect([answer.statusCode, answer.headers['content-type'], answer.rawPayload.length]).toEqual([
      200,
      'image/gif',
      42,
    ]);
    await written(1);
    expect(await judged()).toEqual(['human']);
    expect(await events()).toMatchObject([{ type: 'mail.opened', data: { step: 'intro', class: 'human' } }]);
  });

  it('that a proxy loads is no open', async () => {
    await open('Mozilla/5.0');
    await written(1);
    expect(await judged()).toEqual(['proxy']);
    expect(await events()).toEqual([]);
  });

  it('is the same for a token that is not ours, and counts for nothing', async () => {
    expect((await ask('/o/nonsense')).rawPayload.length).toBe((await open()).rawPayload.length);
    expect(await written(1)).toHaveLength(1);
  });
});
