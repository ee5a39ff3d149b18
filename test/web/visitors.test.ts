import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { sign } from '../../mail/links.ts';
import { ownPath } from '../../web/login.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const { server, db, keys, time } = await openWeb({ publicUrl: 'https://voronka.acme.example' });
const home = await openWeb();
const away = { host: 'voronka.acme.example', 'x-forwarded-for': '203.0.113.9' };
const look = (headers: { [name: string]: string } = {}, remoteAddress = '127.0.0.1', at = server) =>
  at.inject({ method: 'GET', url: '/', headers: { host: 'localhost:3000', ...headers }, remoteAddress });
const login = (key: string, next = '/') =>
  server.inject({
    method: 'POST',
    url: '/login',
    headers: { ...away, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ key, next }).toString(),
  });
const cookieOf = (answer: { headers: { [name: string]: unknown } }) =>
  String(answer.headers['set-cookie']).split(';')[0] ?? '';

describe('at this machine', () => {
  it.each([
    ['localhost', '127.0.0.1'],
    ['127.0.0.1:3000', '127.0.0.1'],
    ['[::1]:3000', '::1'],
    ['localhost:3000', '::ffff:127.0.0.1'],
  ])('%s from %s sees the pages without ceremony', async (host, remoteAddress) => {
    expect((await look({ host }, remoteAddress, home.server)).statusCode).toBe(200);
    // What is public stands behind a proxy, and a bare one names neither itself nor the visitor.
    expect((await look({ host }, remoteAddress)).statusCode).toBe(401);
  });

  it.each([
    ['another machine', { host: 'localhost' }, '203.0.113.9'],
    ['a name that was made to resolve here', { host: 'evil.example' }, '127.0.0.1'],
    ['a proxy on this machine', { host: 'localhost', 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1'],
    ['a proxy that rewrites little', { host: 'localhost', via: '1.1 proxy' }, '127.0.0.1'],
  ])('%s is asked for a key', async (_who, headers, remoteAddress) => {
    const answer = await look(headers, remoteAddress, home.server);
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('API key');
    expect(answer.body).not.toContain('What runs here');
  });
});

describe('elsewhere', () => {
  it('a key that may read opens the pages for half a day', async () => {
    const answer = await login(keys.read, '/contacts/c-17');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/contacts/c-17']);
    expect(answer.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict; .*Secure/);
    expect(String(answer.headers['set-cookie'])).not.toContain(keys.read);
    const cookie = cookieOf(answer);
    expect((await look({ ...away, cookie })).statusCode).toBe(200);
    time.now += 12 * 3_600_000;
    expect((await look({ ...away, cookie })).statusCode).toBe(401);
  });

  it('revoking the key closes its sessions', async () => {
    const cookie = cookieOf(await login(keys.admin));
    expect((await look({ ...away, cookie })).statusCode).toBe(200);
    await sql`update api_keys set revoked_at = now() where scope = 'admin'`.execute(db);
    expect((await look({ ...away, cookie })).statusCode).toBe(401);
  });

  it.each([
    ['a key that may only send events', keys.ingest],
    ['a key that nobody made', 'vk_nobody'],
    ['nothing', ''],
    ['what no database can hold', 'vk_\0'],
  ])('%s opens nothing', async (_what, key) => {
    const answer = await login(key);
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('a token of another purpose is no session', async () => {
    const cookie = `voronka_session=${sign('unsubscribe', '1', linkKeys, time.now + 1e9)}`;
    expect((await look({ ...away, cookie })).statusCode).toBe(401);
  });

  it('a session leads to paths of ours alone', () => {
    const asked = [
      '/inbox',
      '/contacts/c-17',
      '//evil.example',
      '/\\evil',
      'https://evil.example',
      '/a?b=c',
      null,
    ];
    expect(asked.map(ownPath)).toEqual(['/inbox', '/contacts/c-17', '/', '/', '/', '/', '/']);
  });
});
