import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { aCatcher } from '../harness/caught.ts';
import { writePast } from '../harness/past.ts';
import { openWeb } from '../harness/web.ts';

const { server, db, keys, logged } = await openWeb({ catcher: aCatcher() });
let port = 0;

beforeAll(async () => {
  await writePast(db);
  await server.listen({ port: 0, host: '127.0.0.1' });
  port = (server.server.address() as AddressInfo).port;
});

/** What the server answers to bytes that need not be HTTP. */
async function speak(bytes: string): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

const routes = [
  '/',
  '/contacts',
  '/inbox',
  '/inbox/1',
  '/inbox/1/html',
  '/contacts/c-17',
  '/login',
  '/healthz',
  '/readyz',
  '/u/x',
];
const nowhere = ['/nothing', '/v1/nothing', '/inbox/999', '/contacts/nobody', '/u/%ff', '/%zz', '/u/a%00b'];

describe('every answer', () => {
  it.each([...routes, ...nowhere])(
    'of %s is guarded against sniffing, framing, caching and leaking',
    async (url) => {
      const { headers, statusCode } = await server.inject({ method: 'GET', url });
      expect(statusCode).toBeLessThan(500);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*('unsafe|\*|data:)/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['x-frame-options']).toMatch(/DENY|SAMEORIGIN/);
    },
  );

  it('carries a request id: the one it came with, where it is a sound one', async () => {
    const get = (id: string) =>
      server.inject({ method: 'GET', url: '/healthz', headers: { 'x-request-id': id } });
    expect((await get('trace-12345678')).headers['x-request-id']).toBe('trace-12345678');
    expect((await get('"><script>')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('no page holds a script or a style of its own', async () => {
    for (const url of routes.filter((one) => one !== '/inbox/1/html')) {
      const { body } = await server.inject({ method: 'GET', url });
      expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! src="\/assets\/)/);
    }
  });

  it('styles and scripts are kept by their content, for good', async () => {
    const page = await server.inject({ method: 'GET', url: '/' });
    const paths = [...page.body.matchAll(/\/assets\/[0-9a-f]{12}\.(css|js)/g)].map(([path]) => path);
    expect(paths).toHaveLength(2);
    for (const url of paths) {
      const { statusCode, headers } = await server.inject({ method: 'GET', url });
      expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    }
  });
});

describe('what is not to be answered', () => {
  it.each(nowhere)('%s is refused in words', async (url) => {
    const answer = await server.inject({ method: 'GET', url });
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toContain('FST_');
    expect(answer.body.length).toBeGreaterThan(20);
  });

  it('what is not HTTP gets one line, and the connection closes', async () => {
    expect(await speak('HELO mail.example\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"message":/s);
  });

  it('headers that never end are cut off', async () => {
    expect(await speak(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('a length that lies is refused', async () => {
    expect(await speak('POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n')).toMatch(
      / 400 /,
    );
  });
});

it('no path, method, header or body of a stranger is a fault of ours', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'v1',
      'events',
      'contacts',
      'deals',
      'inbox',
      'u',
      'login',
      'assets',
      '..',
      '%00',
      '__proto__',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }).map(encodeURIComponentSafe),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 4 }),
      fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain', 'nonsense'),
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.constantFrom('[[[[', 'key=%00', 'key=vk_\0&next=//x'),
      ),
      fc.boolean(),
      async (pieces, method, type, payload, hasKey) => {
        const answer = await server.inject({
          method,
          url: `/${pieces.join('/')}`,
          headers: { 'content-type': type, ...(hasKey && { authorization: `Bearer ${keys.admin}` }) },
          payload: method === 'GET' || method === 'HEAD' ? '' : payload,
        });
        expect(answer.statusCode).toBeLessThan(500);
      },
    ),
    { numRuns: 400 },
  );
});

it('events of any shape are answered one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 }), async (batch) => {
      const answer = await server.inject({
        method: 'POST',
        url: '/v1/events',
        headers: { authorization: `Bearer ${keys.admin}`, 'content-type': 'application/json' },
        payload: JSON.stringify(batch),
      });
      expect(answer.statusCode).toBe(422);
      expect(answer.json().results).toHaveLength(batch.length);
    }),
    { numRuns: 200 },
  );
});

it('closing lets what is under way finish and takes nothing new', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isIn = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    isIn = resolve;
  });
  const other = await openWeb({
    pingQueue: () => {
      isIn();
      return held;
    },
  });
  await other.server.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${(other.server.server.address() as AddressInfo).port}`;
  const underWay = fetch(`${origin}/readyz`);
  await arrived;
  const closing = other.server.close();
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
  release();
  expect((await underWay).status).toBe(200);
  await closing;
});

it('a fault is logged once with its request id and without what it was about', async () => {
  const broken = await openWeb({
    catalogue: async () => {
      throw Object.assign(new Error('invalid input syntax: "anna@acme.example"'), { code: '22P02' });
    },
  });
  const answer = await broken.server.inject({ method: 'GET', url: '/' });
  const api = await broken.server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${broken.keys.ingest}` },
    payload: {},
  });
  expect([answer.statusCode, api.statusCode]).toEqual([500, 500]);
  expect(api.json().error.message).toContain(api.headers['x-request-id']);
  const faults = broken.logged.filter((line) => line.includes('a request failed'));
  expect(faults).toHaveLength(2);
  expect(faults.join('')).toContain('22P02');
  expect(faults.join('') + answer.body + api.body).not.toContain('anna');
});

it('a ledger out of reach is a 503 that says to come back', async () => {
  const away = await openWeb({
    catalogue: async () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    },
  });
  const answer = await away.server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${away.keys.ingest}` },
    payload: {},
  });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
});

it('the log names routes, never what stands in them', async () => {
  logged.length = 0;
  await server.inject({ method: 'GET', url: '/contacts/canary' });
  expect(logged.join('')).toContain('GET /contacts/:id');
  expect(logged.join('')).not.toContain('canary');
});

function encodeURIComponentSafe(piece: string): string {
  return encodeURIComponent(piece.replace(/\p{Surrogate}/gu, ''));
}
