// Calls over real sockets: what is sent and how it is signed, where it goes, and what each answer comes to.
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome } from '../../engine/step.ts';
import { type CallerOptions, openCaller } from '../../workers/webhook.ts';
import { judgeAnswer } from '../../workers/webhook-verdict.ts';
import { monday } from '../engine/fixture.ts';
import { hookCertificate } from '../harness/certificate.ts';
import { type Hook, openHook } from '../harness/hook.ts';

const keys = [Buffer.alloc(32, 'new'), Buffer.alloc(32, 'old')];
const open: Hook[] = [];
afterEach(async () => {
  for (const hook of open.splice(0)) await hook.close();
});
async function start(...args: Parameters<typeof openHook>): Promise<Hook> {
  const hook = await openHook(...args);
  open.push(hook);
  return hook;
}

const delivery = {
  id: '77',
  workflow: 'nurture',
  node: 'tell-crm',
  attempt: 1,
  createdAt: monday,
  expiresAt: monday + 86_400_000,
} as unknown as Delivery;
const facts = { contact: { id: 'c1', email: 'anna@acme.example' }, deal: { id: 'd1', amount: 12_000 } };

function call(url: string, options: Partial<CallerOptions> = {}, request: Partial<CallRequest> = {}) {
  const caller = openCaller({ keys, hosts: [], resolve: async () => ['127.0.0.1'], ...options });
  return caller.call({ url, fields: {}, timeoutMs: 60_000, ...request }, { delivery, facts, now: monday });
}

describe('a call', () => {
  it('says its fields in a body that both keys sign, under the id of the delivery', async () => {
    const hook = await start();
    const url = `http://crm.internal:${hook.port}/hooks?of=voronka`;
    const fields = {
      amount: { fact: 'deal.amount' },
      shoe: { fact: 'contact.shoe' },
      note: { value: 'hello' },
    };
    expect(await call(url, { hosts: ['crm.internal'] }, { fields })).toEqual({ is: 'sent', reply: '200' });
    const [called] = hook.calls;
    expect(called?.path).toBe('/hooks?of=voronka');
    expect(called?.headers.host).toBe(`crm.internal:${hook.port}`);
    expect(JSON.parse(called?.body ?? '')).toEqual({
      type: 'voronka.call',
      timestamp: new Date(monday).toISOString(),
      data: {
        workflow: 'nurture',
        step: 'tell-crm',
        contact: 'c1',
        deal: 'd1',
        fields: { amount: 12_000, shoe: null, note: 'hello' },
      },
    });
    const at = String(monday / 1000);
    expect(called?.headers).toMatchObject({ 'webhook-id': '77', 'webhook-timestamp': at });
    const signatures = keys.map(
      (key) => `v1,${createHmac('sha256', key).update(`77.${at}.${called?.body}`).digest('base64')}`,
    );
    expect(called?.headers['webhook-signature']).toBe(signatures.join(' '));
  });

  it('goes over TLS to the address that was checked, in the name of the host', async () => {
    const hook = await start(undefined, true);
    const hosts = ['hook.example'];
    const url = `https://hook.example:${hook.port}/`;
    expect(await call(url, { hosts, ca: hookCertificate })).toEqual({ is: 'sent', reply: '200' });
    expect(hook.calls[0]?.headers.host).toBe(`hook.example:${hook.port}`);
    expect(await call(url, { hosts })).toMatchObject({ is: 'later' });
    const other = `https://other.example:${hook.port}/`;
    expect(await call(other, { hosts: ['other.example'], ca: hookCertificate })).toMatchObject({
      is: 'later',
    });
    expect(hook.calls).toHaveLength(1);
  });

  it('reads no more of an endless answer than it has to, and goes by its status', async () => {
    const hook = await start(() => ({ status: 500, body: 'x'.repeat(4_000_000) }));
    expect(await call(`http://a:${hook.port}/`, { hosts: ['a'] })).toMatchObject({
      is: 'later',
      why: 'answered 500',
    });
  });

  it('is tried later where nobody answers in time', async () => {
    const hook = await start(() => null);
    expect(await call(`http://a:${hook.port}/`, { hosts: ['a'] }, { timeoutMs: 50 })).toMatchObject({
      is: 'later',
      why: 'no answer in 50 ms',
    });
  });

  it('is tried later where the name cannot be resolved', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await call('https://crm.example/', { resolve })).toMatchObject({
      is: 'later',
      why: 'the name could not be resolved: ENOTFOUND',
    });
  });
});

describe('the verdict on an answer', () => {
  const standing = { attempt: 1, now: 0, expiresAt: 86_400_000, random: 1 };
  const judge = (status: number, parts = {}, retryAfter: string | null = null): Outcome =>
    judgeAnswer({ is: 'answered', status, retryAfter }, { ...standing, ...parts });

  it.each([
    [204, { is: 'sent' }],
    [301, { is: 'refused', reason: 'redirected' }],
    [307, { is: 'refused', reason: 'redirected' }],
    [400, { is: 'refused', reason: 'rejected' }],
    [404, { is: 'refused', reason: 'rejected', hard: false }],
    [408, { is: 'later' }],
    [429, { is: 'later' }],
    [500, { is: 'later', at: 5_000 }],
    [503, { is: 'later' }],
  ])('%d', (status, expected) => expect(judge(status)).toMatchObject(expected));

  it('waits twice as long each time, an hour at most, and no less than it was asked to', () => {
    const waits = [1, 2, 3, 20].map((attempt) => judge(500, { attempt }));
    expect(waits.map((one) => one.is === 'later' && one.at)).toEqual([5_000, 10_000, 20_000, 3_600_000]);
    expect(judge(429, {}, '120')).toMatchObject({ at: 120_000 });
    expect(judge(429, {}, 'Wed, 21 Oct 2026 07:28:00 GMT')).toMatchObject({ at: 5_000 });
  });

  it('gives up when the delivery’s life ends before the next try', () => {
    expect(judge(500, { expiresAt: 4_000 })).toMatchObject({ is: 'refused', reason: 'expired' });
  });
});
