import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../db/events.ts';
import { sign } from '../../mail/links.ts';
import { hash, makeEvent, monday, sales } from '../harness/factories.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const { server, db, rings, time, logged } = await openWeb({ limits: { settleMs: 5_000 } });

let made = 0;
/** A contact who gets marketing mail. */
async function aContact(locale = 'en'): Promise<{ id: string; link: string }> {
  const key = `c-${++made}`;
  const contact = { id: key, email: `${key}@acme.example`, locale, consent: { marketing: true } };
  await record(db, [makeEvent({ contact })], { now: monday, hash, pipelines: [sales] });
  const { rows } = await sql<{ id: string }>`select id from contacts where key = ${key}`.execute(db);
  const id = rows[0]?.id ?? '';
  return { id, link: `/u/${sign('unsubscribe', `${id}:marketing:7`, linkKeys)}` };
}
const suppressed = async (id: string) =>
  (
    await sql<{ topic: string }>`
      select topic from suppressions s join contacts c on c.address_hash = s.address_hash where c.id = ${id}`.execute(
      db,
    )
  ).rows.map((row) => row.topic);
const post = (
  url: string,
  payload = 'List-Unsubscribe=One-Click',
  type = 'application/x-www-form-urlencoded',
) => server.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });

beforeEach(() => {
  rings.length = 0;
});

describe('looking', () => {
  it.each(['GET', 'HEAD'] as const)('%s shows a button and changes nothing', async (method) => {
    const { id, link } = await aContact();
    const answer = await server.inject({ method, url: link });
    expect(answer.statusCode).toBe(200);
    if (method === 'GET') expect(answer.body).toMatch(/<form method="post">.*<button>Unsubscribe<\/button>/s);
    expect(await suppressed(id)).toEqual([]);
    expect(rings).toEqual([]);
  });

  it('the page speaks the language of the contact', async () => {
    const { link } = await aContact('ru-RU');
    const answer = await server.inject({ method: 'GET', url: link });
    expect(answer.body).toContain('<html lang="ru">');
    expect(answer.body).toContain('Отписаться');
  });

  it.each(['constructor', '__proto__', 'de;q=0.9', '*'])(
    'a browser that asks for %s gets English',
    async (said) => {
      const headers = { 'accept-language': said };
      const answer = await server.inject({ method: 'GET', url: '/u/cut', headers });
      expect([answer.statusCode, answer.body.includes('<html lang="en">')]).toEqual([404, true]);
    },
  );

  it('nobody else may frame it, script it or learn where it was', async () => {
    const { link } = await aContact();
    const { headers } = await server.inject({ method: 'GET', url: link });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('leaving', () => {
  it.each([
    ['as RFC 8058 words it', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    [
      'as a multipart form',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
      'multipart/form-data; boundary=b',
    ],
    ['with another body', '{}', 'application/json'],
    ['with an empty body', '', 'text/plain'],
  ])('a POST %s suppresses at once, without cookie or login', async (_how, body, type) => {
    const { id, link } = await aContact();
    const answer = await post(link, body, type);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await suppressed(id)).toEqual(['marketing']);
    expect(rings).toEqual(['advance']);
  });

  it('twice is once', async () => {
    const { id, link } = await aContact();
    const answers = await Promise.all([post(link), post(link), post(link)]);
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
    expect(await suppressed(id)).toEqual(['marketing']);
  });

  it('a link whose time is over still works, years later', async () => {
    const { id } = await aContact();
    const old = `/u/${sign('unsubscribe', `${id}:marketing:7`, linkKeys, monday - 1)}`;
    time.now = monday + 5 * 365 * 86_400_000;
    expect((await post(old)).statusCode).toBe(200);
    time.now = monday;
    expect(await suppressed(id)).toEqual(['marketing']);
  });

  it('a link that is not ours changes nothing and says what to do', async () => {
    const { id, link } = await aContact();
    const forged = sign('preferences', `${id}:marketing:7`, linkKeys);
    for (const url of [`${link.slice(0, -2)}xx`, `/u/${forged}`, '/u/x', `/u/${'x'.repeat(290)}`])
      expect((await post(url)).statusCode).toBe(404);
    const answer = await server.inject({ method: 'POST', url: '/u/x', headers: { 'accept-language': 'ru' } });
    expect(answer.body).toContain('Ссылка не работает');
    expect(await suppressed(id)).toEqual([]);
  });

  it('the contact may be gone', async () => {
    const url = `/u/${sign('unsubscribe', '999999:marketing:7', linkKeys)}`;
    expect((await post(url)).statusCode).toBe(200);
  });

  it('the log holds no token', async () => {
    const { link } = await aContact();
    await post(link);
    expect(logged.join('')).not.toContain(link.slice(3));
  });
});

describe('a mail whose dot may be on the wire', () => {
  const aCommittingMail = async (contactId: string): Promise<void> => {
    await sql`insert into deliveries (run_id, contact_id, due_at, expires_at, created_at, lease_until, token, state,
        verb, workflow, node, key, topic, payload)
      values (1, ${contactId}, now(), now(), now(), now() + interval '1 minute', gen_random_uuid(), 'committing',
        'send', 'w', 'n', ${`k${contactId}`}, 'marketing', '{}')`.execute(db);
  };

  it('is waited for: the answer comes after it has settled', async () => {
    const { id, link } = await aContact();
    await aCommittingMail(id);
    const order: string[] = [];
    const answering = post(link).then(() => order.push('answered'));
    await expect.poll(() => suppressed(id), { timeout: 60_000 }).toEqual(['marketing']);
    order.push('settled');
    await sql`update deliveries set state = 'sent', token = null, lease_until = null, settled_at = now()
      where contact_id = ${id}`.execute(db);
    await answering;
    expect(order).toEqual(['settled', 'answered']);
  });

  it('is not waited for longer than the bound', async () => {
    const quick = await openWeb({ limits: { settleMs: 50 } });
    const contact = { id: 'c-1', email: 'c-1@acme.example' };
    await record(quick.db, [makeEvent({ contact })], { now: monday, hash, pipelines: [sales] });
    await sql`insert into deliveries (run_id, contact_id, due_at, expires_at, created_at, lease_until, token, state,
        verb, workflow, node, key, topic, payload)
      select 1, id, now(), now(), now(), now() + interval '1 minute', gen_random_uuid(), 'committing',
        'send', 'w', 'n', 'k', 'marketing', '{}' from contacts`.execute(quick.db);
    const url = `/u/${sign('unsubscribe', '1:marketing:7', linkKeys)}`;
    expect((await quick.server.inject({ method: 'POST', url })).statusCode).toBe(200);
  });
});
