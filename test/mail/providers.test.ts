// What a provider's record says: its words by the one table of reasons, and what our mails carry to be named by it.
import { expect, it } from 'vitest';
import { markDelivery } from '../../mail/marks.ts';
import { judgeFailure } from '../../mail/providers/reason.ts';
import { identifyNotices, providers } from '../../mail/providers.ts';
import { house } from '../harness/post.ts';

const read = (name: string, body: unknown) =>
  providers
    .find((one) => one.name === name)
    ?.read({ header: () => '', body: Buffer.alloc(0), json: () => body, now: 0 }).notices[0];
const bounce = (words: string, sorted: string) => ({ RecordType: 'Bounce', Type: sorted, Details: words });

it.each([
  [
    'smtp;550 5.1.1 The email account that you tried to reach does not exist',
    'HardBounce',
    'userunknown',
    true,
  ],
  ['', 'HardBounce', 'userunknown', true],
  ['smtp;550 5.7.1 Message rejected due to local policy', 'HardBounce', 'policy', false],
  ['smtp;550 5.1.1 Mail from 192.0.2.1 blocked using Spamhaus', 'HardBounce', 'blocked', false],
  ['smtp;452 4.1.1 user unknown', 'SoftBounce', 'userunknown', false],
  ['smtp;552 5.2.2 over quota', 'HardBounce', 'mailboxfull', false],
  ['', 'DMARCPolicy', 'auth', false],
  ['', 'ManuallyDeactivated', 'suspended', false],
] as const)('Postmark: "%s", sorted as %s, is %s', (words, sorted, reason, hard) => {
  expect(read('postmark', bounce(words, sorted))).toMatchObject({ is: 'bounced', reason, hard });
});

it.each([
  ['Invalid', 'userunknown', true],
  ['Bounced Address', 'suspended', false],
  ['Spam Content (if Spam Checker app enabled)', 'spam', false],
  ['Recipient List over Package Quota', 'other', false],
] as const)('SendGrid drops for "%s": %s', (reason, told, hard) => {
  expect(read('sendgrid', { event: 'dropped', reason })).toMatchObject({ is: 'bounced', reason: told, hard });
});

it.each([
  [{ bounceType: 'Permanent', bounceSubType: 'NoEmail' }, 'userunknown', true],
  [{ bounceType: 'Permanent', bounceSubType: 'General' }, 'other', false],
  [{ bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' }, 'suspended', false],
  [{ bounceType: 'Transient', bounceSubType: 'MailboxFull' }, 'mailboxfull', false],
] as const)('Amazon SES: %o is %s', (bounced, reason, hard) => {
  const Message = JSON.stringify({ notificationType: 'Bounce', mail: {}, bounce: bounced });
  const rest = { TopicArn: 't', Timestamp: '', SignatureVersion: '2', Signature: '', SigningCertURL: '' };
  expect(read('ses', { Type: 'Notification', MessageId: 'm', Message, ...rest })).toMatchObject({
    reason,
    hard,
  });
});

it.each([
  [{ event: 'failed', severity: 'temporary', reason: 'generic' }, { is: 'accepted' }],
  [
    { event: 'failed', severity: 'permanent', reason: 'old' },
    { is: 'bounced', reason: 'expired', hard: false },
  ],
  [{ event: 'failed', severity: 'permanent', reason: 'suppress-complaint' }, { is: 'complained' }],
  [
    { event: 'failed', severity: 'permanent', reason: 'constructor' },
    { is: 'bounced', reason: 'other' },
  ],
])('Mailgun: %o', (event, told) => {
  expect(read('mailgun', { 'event-data': event })).toMatchObject(told);
});

it('a number in the words counts where none is given beside them', () => {
  expect(judgeFailure({ words: '550 5.2.2 no' })).toEqual({ reason: 'mailboxfull', hard: false });
  expect(judgeFailure({ words: 'from 10.5.1.1 no' })).toEqual({ reason: 'other', hard: false });
});

it('what a mail carries for a provider comes back as its delivery', () => {
  for (const { name, mark } of providers) {
    const { provider } = markDelivery({ id: '501', contactId: '1', topic: null }, { ...house, mark });
    const given = /\d+\.[a-v0-9]{16}@[a-z.]+/.exec(provider?.value ?? '')?.[0] ?? '';
    const notice = { marks: ['', given], is: 'delivered', id: 'x', reason: null, hard: false } as const;
    expect([name, identifyNotices([notice], house.keys)]).toEqual([
      name,
      name === 'ses' ? [] : [{ deliveryId: '501', is: 'delivered', id: 'x', reason: null, hard: false }],
    ]);
  }
});
