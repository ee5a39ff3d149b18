// What mail providers post, as they document it, signed with keys of our own.
import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { monday } from './factories.ts';
import { snsMessage, topic } from './sns.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secrets = { postmark: 'voronka:a long password', mailgun: 'a signing key' };
export const providerKeys = { sesTopics: [topic], sendgrid: pair.publicKey, ...secrets };

/** Of the mail that it is about: the Message-ID without brackets, and the return path. */
interface Mail {
  readonly mark: string;
  readonly returnPath: string;
}

export interface Sent {
  readonly headers: Record<string, string>;
  readonly payload: string;
}
export interface Told {
  readonly is: 'dead' | 'full' | 'complained' | 'delivered' | 'opened' | 'leaves';
  readonly mail: Mail;
  readonly at?: number;
}
const words = {
  dead: 'smtp; 550 5.1.1 <c-1@acme.example>: Recipient address rejected: User unknown in virtual mailbox table',
  full: 'smtp; 552 5.2.2 Mailbox is full',
};

const ses = ({ is, mail, at = monday }: Told, more = {}): Sent => {
  const told = {
    dead: ['Bounce', { bounceType: 'Permanent', bounceSubType: 'General', status: '5.1.1' }],
    full: ['Bounce', { bounceType: 'Transient', bounceSubType: 'MailboxFull', status: '5.2.2' }],
    complained: ['Complaint', {}],
    delivered: ['Delivery', {}],
    opened: ['Open', {}],
    leaves: ['Subscription', {}],
  } as const;
  const [type, { status = '', ...bounce }] = told[is] as [string, Record<string, string>];
  const message = {
    [is === 'opened' ? 'eventType' : 'notificationType']: type,
    mail: {
      timestamp: new Date(monday).toISOString(),
      messageId: '00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000',
      source: mail.returnPath,
      sourceArn: 'arn:aws:ses:eu-central-1:123456789012:identity/acme.example',
      destination: ['c-1@acme.example'],
      headersTruncated: false,
      headers: [{ name: 'From', value: 'Acme <hello@acme.example>' }],
      commonHeaders: { messageId: `<${mail.mark}>`, subject: 'Hello' },
    },
    bounce: {
      ...bounce,
      feedbackId: `fb-${is}`,
      reportingMTA: 'dns; email.example.com',
      bouncedRecipients: [
        {
          emailAddress: 'c-1@acme.example',
          action: 'failed',
          status,
          diagnosticCode: words[is as 'dead'] ?? '',
        },
      ],
    },
    complaint: {
      userAgent: 'AnyCompany Feedback Loop (V0.01)',
      complainedRecipients: [{ emailAddress: 'c-1@acme.example' }],
      complaintFeedbackType: 'abuse',
      feedbackId: `fb-${is}`,
    },
  };
  const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' };
  return { headers, payload: JSON.stringify(snsMessage(at, message, more)) };
};

export const sendgridRecord = ({ is, mail }: Told) => ({
  email: 'c-1@acme.example',
  timestamp: monday / 1000,
  'smtp-id': `<${mail.mark}>`,
  sg_event_id: `event-${is}`,
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
  ...{
    dead: { event: 'bounce', type: 'bounce', status: '5.1.1', reason: words.dead },
    full: { event: 'bounce', type: 'blocked', status: '5.2.2', reason: words.full },
    complained: { event: 'spamreport' },
    delivered: { event: 'delivered', response: '250 OK' },
    opened: { event: 'open', useragent: 'Mozilla/5.0', ip: '192.0.2.4' },
    leaves: { event: 'group_unsubscribe', asm_group_id: 10 },
  }[is],
});
export const signedByGrid = (payload: string, at = monday): Sent => {
  const time = String(at / 1000);
  return {
    payload,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-timestamp': time,
      'x-twilio-email-event-webhook-signature': signWith(
        'sha256',
        Buffer.from(time + payload),
        pair.privateKey,
      ).toString('base64'),
    },
  };
};
const sendgrid = (told: Told): Sent => signedByGrid(JSON.stringify([sendgridRecord(told)]), told.at);

export const basic = { authorization: `Basic ${Buffer.from(secrets.postmark).toString('base64')}` };
const postmark = ({ is, mail, at = monday }: Told): Sent => {
  const when = new Date(at).toISOString();
  const told = {
    dead: { RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Details: words.dead, BouncedAt: when },
    full: { RecordType: 'Bounce', Type: 'SoftBounce', TypeCode: 4096, Details: words.full, BouncedAt: when },
    complained: { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100001, BouncedAt: when },
    delivered: { RecordType: 'Delivery', DeliveredAt: when, Details: 'Test delivery webhook details' },
    opened: { RecordType: 'Open', FirstOpen: true, ReceivedAt: when },
    leaves: {
      RecordType: 'SubscriptionChange',
      SuppressSending: true,
      SuppressionReason: 'ManualSuppression',
      ChangedAt: when,
    },
  }[is];
  const common = {
    ID: 42,
    MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
    Email: 'c-1@acme.example',
    Metadata: { Voronka: mail.mark, other: 7 },
  };
  return {
    headers: { 'content-type': 'application/json', ...basic },
    payload: JSON.stringify({ ...common, ...told }),
  };
};

let tokens = 0;
const mailgun = ({ is, mail, at = monday }: Told): Sent => {
  const timestamp = String(at / 1000);
  const token = `token-${++tokens}`;
  const signature = createHmac('sha256', secrets.mailgun).update(`${timestamp}${token}`).digest('hex');
  const permanent = (code: number, message: string) => ({
    event: 'failed',
    severity: 'permanent',
    reason: 'bounce',
    'delivery-status': { code, message, description: '', 'attempt-no': 1 },
  });
  const told = {
    dead: permanent(550, words.dead),
    full: permanent(552, words.full),
    complained: { event: 'complained' },
    delivered: { event: 'delivered', 'delivery-status': { code: 250, message: 'OK' } },
    opened: { event: 'opened' },
    leaves: { event: 'unsubscribed' },
  }[is];
  const event = {
    id: `id-${is}`,
    timestamp: at / 1000,
    recipient: 'c-1@acme.example',
    message: { headers: { 'message-id': mail.mark, to: 'c-1@acme.example' }, size: 341 },
    'user-variables': {},
    ...told,
  };
  return {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event }),
  };
};
export const senders = { ses, sendgrid, postmark, mailgun };
