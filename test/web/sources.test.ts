// Webhooks of other programs: who proves what, and what becomes of the body.
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Catalogue } from '../../engine/catalogue.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { builtInFacts } from '../../engine/facts.ts';
import type { Signature, Source } from '../../engine/source-map.ts';
import { monday, sales } from '../harness/factories.ts';
import { openWeb } from '../harness/web.ts';

const secret = 'a secret of the crm';
const usual: Signature = {
  kind: 'hmac',
  header: 'x-sign',
  encoding: 'hex',
  prefix: 'sha256=',
  timestamp: 'x-time',
  maxAgeMs: 300_000,
};
const at = (...paths: string[]) => ({ paths, values: null });
const made = (signature: Partial<Signature>): Source => ({
  signature: { ...usual, ...signature },
  each: null,
  events: [
    {
      if: { kind: 'deal' },
      type: 'deal.stage_changed',
      fields: {
        id: at('id'),
        at: at('at'),
        'contact.id': at('who'),
        'deal.id': at('deal'),
        'deal.pipeline': { is: 'sales' },
        'deal.stage': at('stage'),
      },
    },
  ],
});
const sources = {
  crm: made({}),
  whole: made({ timestamp: null, encoding: 'base64', prefix: '' }),
  token: made({ kind: 'token', header: 'x-token', prefix: '' }),
  basic: made({ kind: 'basic' }),
  standard: made({ kind: 'standard-webhooks' }),
  mute: made({ kind: 'basic' }),
};
const catalogue: Catalogue = { ...emptyCatalogue, pipelines: [sales], facts: builtInFacts, sources };
const key = Buffer.from(secret).toString('base64');
const sourceSecrets = new Map([
  ...['crm', 'whole', 'token', 'basic'].map((name) => [name, secret] as const),
  ['standard', `whsec_${key}`] as const,
]);
const limits = { rate: { perSecond: 0.001, burst: 40 } };
const { server, db, rings, logged } = await openWeb({
  catalogue: async () => catalogue,
  sourceSecrets,
  limits,
});

const body = JSON.stringify({
  kind: 'deal',
  id: 1,
  at: '2026-11-23T09:00:00Z',
  who: 'canary-contact',
  deal: 'd-1',
  stage: 'Qualification',
});
const seconds = String(monday / 1000);
const mac = (text: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', secret).update(text).digest(encoding);
const post = (name: string, headers: Record<string, string>, payload = body) =>
  server.inject({
    method: 'POST',
    url: `/v1/sources/${name}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
const signed = (text = body, time = seconds) => ({
  'x-time': time,
  'x-sign': `sha256=${mac(`${time}.${text}`, 'hex')}`,
});

it.each<[string, Record<string, string>]>([
  ['crm', signed()],
  ['whole', { 'x-sign': mac(body, 'base64') }],
  ['token', { 'x-token': secret }],
  ['basic', { authorization: `Basic ${key}` }],
  [
    'standard',
    {
      'webhook-id': 'm1',
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,AAAA v1,${mac(`m1.${seconds}.${body}`, 'base64')}`,
    },
  ],
])('%s proves itself and is taken; without its proof it is not', async (name, headers) => {
  expect((await post(name, {})).statusCode).toBe(401);
  const forged = Object.fromEntries(
    Object.entries(headers).map(([header, value]) => [header, `${value.slice(0, -2)}0x`]),
  );
  expect((await post(name, forged)).statusCode).toBe(401);
  const answer = await post(name, headers);
  expect(answer.json()).toEqual({ results: [{ id: `${name}:1`, status: 'accepted' }] });
  expect(answer.statusCode).toBe(202);
  expect((await post(name, headers)).json()).toEqual({ results: [{ id: `${name}:1`, status: 'duplicate' }] });
});

it.each([
  ['a signature of six minutes ago', signed(body, String(monday / 1000 - 360))],
  ['one that lies ahead', signed(body, String(monday / 1000 + 360))],
  ['another body', signed(`${body} `)],
  ['a time that is none', signed(body, 'now')],
])('%s proves nothing', async (_, headers) => {
  expect((await post('crm', headers)).statusCode).toBe(401);
});

it('a body that no `if` is true of is let pass; a broken one is told so; a refused event says why and is logged without it', async () => {
  const other = '{"kind":"note"}';
  expect((await post('crm', signed(other), other)).json()).toEqual({ results: [] });
  expect((await post('crm', signed('{'), '{')).statusCode).toBe(400);
  const wrong = body.replace('Qualification', 'Kitchen').replace('"id":1', '"id":2');
  const answer = await post('crm', signed(wrong), wrong);
  expect(answer.statusCode).toBe(422);
  expect(answer.json().results).toMatchObject([{ status: 'refused', path: 'deal.stage' }]);
  expect(logged.join()).toContain('a webhook brought what cannot be taken');
  expect(logged.join()).not.toContain('canary-contact');
});

it('a form is taken as JSON is', async () => {
  const form = new URLSearchParams({ ...JSON.parse(body), id: '77' }).toString();
  const headers = { authorization: `Basic ${key}`, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await post('basic', headers, form)).json()).toEqual({
    results: [{ id: 'basic:77', status: 'accepted' }],
  });
});

it('a source that is not applied is not there, and one without a secret says what to set', async () => {
  expect((await post('crn', {})).json().error.message).toContain('Did you mean crm?');
  const mute = await post('mute', {});
  expect([mute.statusCode, mute.json().error.message]).toEqual([
    401,
    expect.stringContaining('SOURCE_SECRETS'),
  ]);
});

it('a stranger who knows the name uses up nothing of what the source may send', async () => {
  for (let n = 0; n < 50; n++) await post('token', { 'x-token': 'guessed' });
  expect((await post('token', { 'x-token': secret })).statusCode).toBe(202);
});

it('what was taken is in the ledger once, and rang', async () => {
  const { count } = await db
    .selectFrom('events')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  expect(Number(count)).toBe(6);
  expect(new Set(rings)).toEqual(new Set(['advance']));
});
