// Requests that nobody sane sends, by dice: every route with every method, strings that break things in each of their parts,
// bodies that are cut, deep, huge or of another kind, and bytes that are no HTTP at all.
import type { Dice } from './dice.ts';
import { naughty } from './hostile.ts';

export interface Request {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

const routes = [
  ...['/', '/healthz', '/readyz', '/login', '/logout', '/inbox', '/inbox/$', '/inbox/$/html', '/contacts'],
  ...['/contacts/$', '/v1/events', '/v1/contacts/$', '/v1/deals/$', '/v1/tasks', '/v1/tasks/$'],
  ...[
    '/v1/sources/$',
    '/v1/mail/ses',
    '/v1/mail/sendgrid',
    '/v1/mail/postmark',
    '/v1/mail/mailgun',
    '/v1/mail/$',
  ],
  ...[
    '/c/$',
    '/o/$',
    '/u/$',
    '/p/$',
    '/confirm/$',
    '/t/$',
    '/s/$',
    '/f/$',
    '/$',
    '/v1/$',
    '/v1/contacts/$/$',
  ],
];
const methods = ['GET', 'GET', 'HEAD', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const kinds = [
  ...[
    'application/json',
    'application/json',
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/x-ndjson',
    '',
    '/;;=',
  ],
];
const words = [
  ...naughty,
  '',
  '0',
  '-1',
  '1e400',
  '%',
  '%00',
  '%ff',
  '..',
  '../../etc/passwd',
  '\u0000',
  '\ud800',
];
const numbers = [0, -1, 1e308, 2 ** 53, Number.MIN_VALUE, 1.5, 253402300800000];
const fields = [
  ...[
    'id',
    'type',
    'at',
    'contact',
    'deal',
    'data',
    'email',
    'stage',
    'pipeline',
    'amount',
    'consent',
    'locale',
  ],
  ...[
    'timezone',
    'first_name',
    '__proto__',
    'constructor',
    'toString',
    'state',
    'outcome',
    'due_at',
    'topic',
  ],
];

export const any = <T>(dice: Dice, of: readonly T[]): T => of[dice.below(of.length)] as T;

export function makeRequest(dice: Dice, keys: readonly string[]): Request {
  const segment = () => {
    const word = any(dice, words);
    const text = dice.below(8) === 0 ? word.repeat(1 + dice.below(60)) : word;
    return dice.below(6) === 0 ? text.replace(/[^\x21-\x7e]/g, '?') : encode(text);
  };
  const path = any(dice, routes).replace(/\$/g, segment);
  const query = Array.from({ length: dice.below(4) }, () => `${any(dice, fields)}=${segment()}`).join('&');
  const method = any(dice, methods);
  const headers: Record<string, string> = {};
  if (dice.below(5) > 0)
    headers.authorization = `Bearer ${any(dice, [...keys, ...keys, ...keys, 'vk_no', ''])}`;
  if (dice.below(3) === 0) headers.accept = any(dice, ['text/html', '*/*', 'x'.repeat(2_000)]);
  if (dice.below(5) === 0) headers.cookie = `session=${encode(any(dice, words)).slice(0, 500)}`;
  if (dice.below(8) === 0) headers['x-forwarded-for'] = any(dice, ['::', '1.2.3.4, x', "'"]);
  const hasBody = !['GET', 'HEAD', 'TRACE'].includes(method) || dice.below(10) === 0;
  if (hasBody) headers['content-type'] = any(dice, kinds);
  return {
    method,
    path: query === '' ? path : `${path}?${query}`,
    headers,
    body: hasBody ? makeBody(dice) : null,
  };
}

/** Half of a character has no URI; it goes as a question mark. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '?'));
}

function makeBody(dice: Dice): Buffer {
  const kind = dice.below(8);
  if (kind === 0) return Buffer.from(Array.from({ length: dice.below(300) }, () => dice.below(256)));
  if (kind === 1) return Buffer.from(`${any(dice, ['[', '{"a":'])}`.repeat(1 + dice.below(20_000)));
  if (kind === 2)
    return Buffer.from(`score=${encode(any(dice, words))}&${any(dice, fields)}=${encode(any(dice, words))}`);
  const text = JSON.stringify(dice.below(3) === 0 ? [makeEvent(dice), makeEvent(dice)] : makeEvent(dice));
  return Buffer.from(kind === 3 ? text.slice(0, dice.below(text.length)) : text);
}

/** An event of which a few parts are something else. */
function makeEvent(dice: Dice): unknown {
  const contact = {
    id: `f-${dice.below(200)}`,
    email: `f-${dice.below(200)}@acme.example`,
    consent: { marketing: true },
  };
  const deal = {
    id: `f-${dice.below(200)}`,
    pipeline: 'sales',
    stage: any(dice, ['Lead', 'Won', 'Nowhere']),
  };
  const event: Record<string, unknown> = {
    id: `f-${dice.below(1e6)}`,
    type: 'deal.stage_changed',
    at: '2026-01-12T10:00:00Z',
    contact,
    deal,
  };
  for (let n = dice.below(4); n > 0; n -= 1) {
    const into = any(dice, [event, contact as Record<string, unknown>, deal as Record<string, unknown>]);
    Object.defineProperty(into, any(dice, fields), {
      value: makeValue(dice, 0),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return event;
}

function makeValue(dice: Dice, depth: number): unknown {
  const kind = dice.below(depth > 4 ? 4 : 6);
  if (kind === 0) return any(dice, words);
  if (kind === 1) return any(dice, numbers);
  if (kind === 2) return any(dice, [null, true, '2026-13-45T99:99:99Z', '+275760-09-13T00:00:00.001Z', '']);
  if (kind === 3) return any(dice, words).repeat(1 + dice.below(300));
  if (kind === 4) return Array.from({ length: dice.below(6) }, () => makeValue(dice, depth + 1));
  return Object.fromEntries(
    Array.from({ length: dice.below(6) }, () => [any(dice, fields), makeValue(dice, depth + 1)]),
  );
}

/** No HTTP, or hardly: each is written as it stands. */
export const garbage: readonly string[] = [
  'GET\r\n\r\n',
  '\u0000\u0001\u0002\r\n\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n',
  `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\n${Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1`).join('\r\n')}\r\n\r\n`,
  'GET /%E0%A4%A HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000',
];
