// The doctor against a zone written here: each thing that makes a large provider refuse, one change at a time.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examineSender, type Sender } from '../../mail/doctor/examine.ts';
import type { Check, Finding, Resolver } from '../../mail/doctor/finding.ts';
import type { TlsProbe } from '../../mail/doctor/paths.ts';

interface Zone {
  readonly txt: Record<string, string[]>;
  readonly mx: Record<string, { exchange: string; priority: number }[]>;
  readonly a: Record<string, string[]>;
  readonly ptr: Record<string, string[]>;
}
const keyOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64');
const key = keyOf(2048);

const zone = (): Zone => ({
  txt: {
    'bounce.acme.example': ['v=spf1 include:relay.example -all'],
    'relay.example': ['v=spf1 ip4:192.0.2.0/24 ~all'],
    'vk._domainkey.acme.example': [`v=DKIM1; k=rsa; p=${key}`],
    '_dmarc.acme.example': ['v=DMARC1; p=reject; rua=mailto:dmarc@acme.example'],
  },
  mx: { 'bounce.acme.example': [{ exchange: 'mx.acme.example', priority: 10 }] },
  a: { 'mx.acme.example': ['192.0.2.9'], 'out.relay.example': ['192.0.2.7'] },
  ptr: { '192.0.2.7': ['out.relay.example'] },
});
const sender: Sender = {
  domain: 'acme.example',
  bounceDomain: 'bounce.acme.example',
  selector: 'vk',
  publicKey: key,
  ips: ['192.0.2.7'],
  relay: 'smtp.relay.example',
  headers: {
    'list-unsubscribe': '<https://acme.example/u/t>, <mailto:u@acme.example>',
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  },
  signed: ['from', 'list-unsubscribe', 'list-unsubscribe-post'],
};
const tls: TlsProbe = { offersTls: true, certificateFault: null, protocol: 'TLSv1.3' };

const resolverOf = (names: Zone): Resolver => ({
  txt: async (name) => names.txt[name] ?? [],
  mx: async (name) => names.mx[name] ?? [],
  addresses: async (name) => names.a[name] ?? [],
  reverse: async (ip) => names.ptr[ip] ?? [],
});
const examine = (names: Zone, changes: Partial<Sender> = {}, probe: TlsProbe | null = tls) =>
  examineSender({ ...sender, ...changes }, resolverOf(names), probe);
const of = (findings: Finding[], check: Check) => findings.find((finding) => finding.check === check);

describe('the doctor', () => {
  it('finds a well-kept domain good in all seven checks', async () => {
    const findings = await examine(zone());
    expect(findings.map((finding) => [finding.check, finding.verdict])).toEqual(
      ['spf', 'dkim', 'dmarc', 'ptr', 'mx', 'tls', 'unsubscribe'].map((check) => [check, 'good']),
    );
  });

  const broken: [string, Check, 'bad' | 'warn', RegExp, (names: Zone) => void][] = [
    [
      'no SPF record',
      'spf',
      'bad',
      /no SPF record/,
      (z) => Object.assign(z.txt, { 'bounce.acme.example': ['hello'] }),
    ],
    [
      'two SPF records',
      'spf',
      'bad',
      /2 SPF records/,
      (z) => z.txt['bounce.acme.example']?.push('v=spf1 -all'),
    ],
    [
      'an SPF that anybody passes',
      'spf',
      'bad',
      /anybody/,
      (z) => Object.assign(z.txt, { 'bounce.acme.example': ['v=spf1 +all'] }),
    ],
    [
      'an SPF without the relay',
      'spf',
      'bad',
      /does not let 192.0.2.7 send \(fail\)/,
      (z) => Object.assign(z.txt, { 'bounce.acme.example': ['v=spf1 ip4:198.51.100.0/24 -all'] }),
    ],
    [
      'an SPF that needs eleven lookups',
      'spf',
      'bad',
      /needs 11 lookups/,
      (z) =>
        Object.assign(z.txt, {
          'bounce.acme.example': [
            `v=spf1 ${Array.from({ length: 11 }, (_, n) => `include:n${n}.example`).join(' ')} -all`,
          ],
        }),
    ],
    [
      'an SPF that includes itself',
      'spf',
      'bad',
      /needs 11 lookups/,
      (z) => Object.assign(z.txt, { 'bounce.acme.example': ['v=spf1 include:bounce.acme.example -all'] }),
    ],
    [
      'an SPF on macros',
      'spf',
      'warn',
      /exists:%\{i\}/,
      (z) => Object.assign(z.txt, { 'bounce.acme.example': ['v=spf1 exists:%{i}.x.example -all'] }),
    ],
    [
      'no DKIM key',
      'dkim',
      'bad',
      /publishes no key/,
      (z) => Object.assign(z.txt, { 'vk._domainkey.acme.example': [] }),
    ],
    [
      'another DKIM key',
      'dkim',
      'bad',
      /another key/,
      (z) => Object.assign(z.txt, { 'vk._domainkey.acme.example': [`v=DKIM1; p=${keyOf(1024)}`] }),
    ],
    [
      'a revoked DKIM key',
      'dkim',
      'bad',
      /revoked/,
      (z) => Object.assign(z.txt, { 'vk._domainkey.acme.example': ['v=DKIM1; p='] }),
    ],
    ['no DMARC', 'dmarc', 'bad', /no policy/, (z) => Object.assign(z.txt, { '_dmarc.acme.example': [] })],
    [
      'a DMARC that only watches',
      'dmarc',
      'warn',
      /p=none/,
      (z) => Object.assign(z.txt, { '_dmarc.acme.example': ['v=DMARC1; p=none; rua=mailto:x@acme.example'] }),
    ],
    ['an address without a name', 'ptr', 'bad', /no name/, (z) => Object.assign(z.ptr, { '192.0.2.7': [] })],
    [
      'a name that leads elsewhere',
      'ptr',
      'bad',
      /does not lead back/,
      (z) => Object.assign(z.a, { 'out.relay.example': ['198.51.100.1'] }),
    ],
    [
      'no MX for bounces',
      'mx',
      'bad',
      /takes no mail/,
      (z) => Object.assign(z.mx, { 'bounce.acme.example': [] }),
    ],
    [
      'an MX without an address',
      'mx',
      'bad',
      /has no address/,
      (z) => Object.assign(z.a, { 'mx.acme.example': [] }),
    ],
  ];
  it.each(broken)('sees %s, and says what to publish', async (_, check, verdict, why, change) => {
    const names = zone();
    change(names);
    const findings = await examine(names);
    expect(of(findings, check)).toMatchObject({
      verdict,
      why: expect.stringMatching(why),
      publish: expect.stringMatching(/./),
    });
    expect(findings.filter((finding) => finding.verdict !== 'good').map((finding) => finding.check)).toEqual([
      check,
    ]);
  });

  it('asks for alignment: a foreign return path without a signature fails DMARC', async () => {
    const names = zone();
    names.txt['mail.other.example'] = ['v=spf1 ip4:192.0.2.7 -all'];
    names.mx['mail.other.example'] = [{ exchange: 'mx.acme.example', priority: 10 }];
    const foreign = { bounceDomain: 'mail.other.example' };
    expect(of(await examine(names, { ...foreign, publicKey: null }), 'dmarc')?.verdict).toBe('bad');
    expect(of(await examine(names, foreign), 'dmarc')?.verdict).toBe('good');
  });

  it('counts a key of 1024 bits as a warning and a shorter one as refused', async () => {
    const weak = keyOf(1024);
    const names = zone();
    names.txt['vk._domainkey.acme.example'] = [`v=DKIM1; p=${weak}`];
    expect(of(await examine(names, { publicKey: weak }), 'dkim')?.verdict).toBe('warn');
  });

  it('finds a relay without TLS and a header pair that is unsigned', async () => {
    const clear = await examine(zone(), {}, { offersTls: false, certificateFault: null, protocol: null });
    expect(of(clear, 'tls')?.verdict).toBe('bad');
    expect(of(await examine(zone(), { signed: ['from'] }), 'unsubscribe')?.why).toMatch(
      /does not cover list-unsubscribe and/,
    );
    const http = {
      'list-unsubscribe': '<http://acme.example/u>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    };
    expect(of(await examine(zone(), { headers: http }), 'unsubscribe')?.verdict).toBe('bad');
  });

  it('calls a check unknown where the name server is silent, and answers the others', async () => {
    const deaf: Resolver = { ...resolverOf(zone()), mx: () => Promise.reject(new Error('timeout')) };
    const findings = await examineSender(sender, deaf, null);
    expect(
      findings.filter((finding) => finding.verdict === 'unknown').map((finding) => finding.check),
    ).toEqual(['mx', 'tls']);
  });
});
