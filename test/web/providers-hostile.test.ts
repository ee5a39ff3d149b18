// Notices of mail providers that are not what they should be: foreign topics and certificates, and bodies bent at random.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourMs, monday } from '../harness/factories.ts';
import {
  basic,
  providerKeys,
  type Sent,
  senders,
  sendgridRecord,
  signedByGrid,
  type Told,
} from '../harness/notices.ts';
import { snsCertificate, snsMessage, topic } from '../harness/sns.ts';
import { openWeb } from '../harness/web.ts';

const fetched: string[] = [];
let isAmazonThere = true;
const { server, time } = await openWeb({
  providerKeys,
  fetchText: async (url) => {
    if (!isAmazonThere) throw new Error('nobody answers');
    fetched.push(url);
    return url.includes('fedcba') ? null : snsCertificate;
  },
});
const post = (name: string, { headers, payload }: Sent) =>
  server.inject({ method: 'POST', url: `/v1/mail/${name}`, headers, payload });
const mail = { mark: '1.0000000000000000@acme.example', returnPath: 'b+1.0000000000000000@b.acme.example' };
const ses = (is: Told['is'], more = {}) => senders.ses({ is, mail }, more);

describe('Amazon SNS', () => {
  it('is believed in both versions of its signature, and its certificate is fetched once', async () => {
    for (const SignatureVersion of ['1', '2'])
      expect((await post('ses', ses('opened', { SignatureVersion }))).statusCode).toBe(200);
    expect(fetched).toHaveLength(1);
  });

  it.each([
    ['another topic', { TopicArn: topic.replace('voronka', 'others') }],
    [
      'plain http',
      { SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem' },
    ],
    ['a bucket', { SigningCertURL: 'https://sns.s3.amazonaws.com/SimpleNotificationService-1.pem' }],
    [
      'another region',
      { SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem' },
    ],
    ['a look-alike', { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.evil.example/a.pem' }],
    [
      'a user before the host',
      { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com@evil.example/a.pem' },
    ],
    ['no certificate', { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/?Action=x' }],
    [
      'a certificate that is not there',
      { SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/fedcba.pem' },
    ],
  ])('from %s is refused', async (_, more) => {
    const before = fetched.length;
    const answer = await post('ses', ses('dead', more));
    expect(answer.statusCode).toBe(401);
    expect(fetched.slice(before).every((url) => url.endsWith('/fedcba.pem'))).toBe(true);
  });

  it('is asked to come again where its certificate cannot be had, and cannot be made to be asked without end', async () => {
    const from = (n: number) =>
      ses('dead', { SigningCertURL: `https://sns.eu-central-1.amazonaws.com/fedcba${n}.pem` });
    isAmazonThere = false;
    expect((await post('ses', from(0))).statusCode).toBe(429);
    isAmazonThere = true;
    const before = fetched.length;
    for (let n = 0; n < 40; n += 1) await post('ses', from(n));
    expect(fetched.length - before).toBeLessThanOrEqual(10);
  });

  const confirming = (SubscribeURL: string) => ({
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
    payload: JSON.stringify(
      snsMessage(monday, 'You have chosen to subscribe', {
        Type: 'SubscriptionConfirmation',
        Token: '2336412f37f',
        SubscribeURL,
      }),
    ),
  });

  it('is confirmed by visiting the address that it names, on its own host alone', async () => {
    const right = `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37f`;
    expect((await post('ses', confirming(right))).json()).toEqual({ confirmed: true });
    expect(fetched.at(-1)).toBe(right);
    const visited = fetched.length;
    for (const wrong of [
      right.replace('https', 'http'),
      'http://169.254.169.254/',
      right.replace('sns.', 'sqs.'),
    ])
      expect((await post('ses', confirming(wrong))).json()).toMatchObject({ told: 0, ignored: 1 });
    expect(fetched).toHaveLength(visited);
  });
});

/** A value at a random place of a good body is another one. */
function bend(value: unknown, where: readonly number[], other: unknown): unknown {
  const [first, ...rest] = where;
  if (first === undefined || typeof value !== 'object' || value === null) return other;
  const entries = Object.entries(value);
  const at = first % Math.max(1, entries.length);
  const bent = entries.map(([key, one], n) => [key, n === at ? bend(one, rest, other) : one] as const);
  return Array.isArray(value) ? bent.map(([, one]) => one) : Object.fromEntries(bent);
}

it('no body is answered 5xx, bent as it may be, with or without a proof', async () => {
  const signed = (body: unknown) => {
    const payload = JSON.stringify(body);
    const json = { headers: { 'content-type': 'application/json', ...basic }, payload };
    const { signature } = JSON.parse(senders.mailgun({ is: 'opened', mail }).payload);
    return [
      ['ses', { headers: {}, payload: JSON.stringify(snsMessage(monday, body)) }],
      ['ses', json],
      ['sendgrid', signedByGrid(payload)],
      ['postmark', json],
      ['mailgun', { ...json, payload: JSON.stringify({ signature, 'event-data': body }) }],
      ['mailgun', json],
    ] as const;
  };
  const kinds = ['dead', 'full', 'complained', 'delivered', 'opened', 'leaves'] as const;
  const odd = fc.oneof(
    fc.jsonValue({ depthSize: 'small' }) as fc.Arbitrary<unknown>,
    fc.constantFrom('constructor', '__proto__', '\0', '\ud800', 1e308, -1, '9'.repeat(400), [[]], { at: {} }),
  );
  const bodies = fc
    .tuple(fc.constantFrom(...kinds), fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), odd, fc.nat(3))
    .map(([is, where, other, which]) => {
      const good = [
        JSON.parse(JSON.parse(ses(is).payload).Message),
        [sendgridRecord({ is, mail })],
        JSON.parse(senders.postmark({ is, mail }).payload),
        JSON.parse(senders.mailgun({ is, mail }).payload)['event-data'],
      ];
      return bend(good[which], where, other);
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(bodies, odd), async (body) => {
      time.ticks += hourMs;
      for (const [name, sent] of signed(body)) expect((await post(name, sent)).statusCode).toBeLessThan(500);
    }),
    { numRuns: 60, seed: 7 },
  );
});
