// Twilio SendGrid's Event Webhook: a list of events, signed over time and body with ECDSA on P-256 ("Signed Event Webhook").
// A mail is known by the Message-ID it was handed over with (`smtp-id`), or by what our header X-SMTPAPI gave it, which
// also stands on events of readers. `deferred` is a delay: SendGrid goes on for three days.
import { verify } from 'node:crypto';
import { z } from 'zod';
import type { Reason } from '../reason-rules.ts';
import {
  findAgeFlaw,
  idOf,
  isUnread,
  lookUp,
  MARK,
  type Notice,
  type Notices,
  type Provider,
  proved,
  readRecord,
  refused,
  someText,
  type Unread,
} from './provider.ts';
import { judgeFailure } from './reason.ts';

/** It repeats for a day, and does not document that a repetition is signed anew. A second taking changes nothing. */
const MAX_AGE_MS = 25 * 3_600_000;

const record = z.object({
  event: z.string({ error: 'it needs the name of what happened, as in "bounce"' }),
  'smtp-id': someText,
  [MARK]: someText,
  sg_event_id: someText,
  reason: someText,
  status: someText,
  response: someText,
  bounce_classification: someText,
});
type Said = z.infer<typeof record>;

const SORTED: { readonly [classification: string]: Reason } = {
  'invalid address': 'userunknown',
  'mailbox unavailable': 'suspended',
  content: 'spam',
  reputation: 'blocked',
  'frequency or volume too high': 'rate',
  technical: 'network',
};
type Told = Pick<Notice, 'is' | 'reason' | 'hard'>;
const plain = (is: Notice['is']): Told => ({ is, reason: null, hard: false });
const failed = (reason: Reason, hard = false): Told => ({ is: 'bounced', reason, hard });

/** What SendGrid itself did not send, by the words it documents. */
const DROPPED: readonly (readonly [RegExp, Told])[] = [
  [/^unsubscribed address/i, plain('leaves')],
  [/^spam reporting address/i, plain('complained')],
  // Its list of bounces takes in whatever was answered with a 5xx.
  [/^bounced address/i, failed('suspended')],
  [/^invalid smtpapi|^template|^recipient list/i, failed('other')],
  [/^invalid/i, failed('userunknown', true)],
  [/^spam content/i, failed('spam')],
];

const READ: { readonly [event: string]: (said: Said) => Told } = {
  processed: () => plain('accepted'),
  deferred: () => plain('accepted'),
  open: () => plain('accepted'),
  click: () => plain('accepted'),
  delivered: () => plain('delivered'),
  bounce: ({ reason, status, bounce_classification: sorted }) => ({
    is: 'bounced',
    ...judgeFailure({ words: reason, status, sorted: lookUp(SORTED, sorted.toLowerCase()) }),
  }),
  dropped: ({ reason, status }) =>
    DROPPED.find(([words]) => words.test(reason))?.[1] ?? {
      is: 'bounced',
      ...judgeFailure({ words: reason, status }),
    },
  spamreport: () => plain('complained'),
  unsubscribe: () => plain('leaves'),
  group_unsubscribe: () => plain('leaves'),
};

function readAll(body: unknown): Notices {
  const list = Array.isArray(body) ? body : [body];
  const notices: Notice[] = [];
  const unread: Unread[] = [];
  list.forEach((one, at) => {
    const said = readRecord(record, one, String(at));
    const told = isUnread(said) ? said : tell(said, one);
    if (told === null) return;
    if (isUnread(told)) unread.push(told);
    else notices.push(told);
  });
  return { notices, ignored: list.length - notices.length - unread.length, unread };
}

function tell(said: Said, whole: unknown): Notice | null {
  const told = lookUp(READ, said.event)?.(said);
  if (told === undefined) return null;
  return { ...told, id: idOf('sendgrid', said.sg_event_id || whole), marks: [said[MARK], said['smtp-id']] };
}

export const sendgrid: Provider = {
  name: 'sendgrid',
  setting: 'SENDGRID_WEBHOOK_KEY',
  mark: (messageId) => ({
    key: 'X-SMTPAPI',
    value: JSON.stringify({ unique_args: { [MARK]: messageId } }),
  }),
  isSetUp: (keys) => keys.sendgrid !== null,
  async prove({ header, body, now }, { sendgrid: key }) {
    if (key === null) return refused('There is no key.');
    const at = header('x-twilio-email-event-webhook-timestamp');
    const signature = Buffer.from(header('x-twilio-email-event-webhook-signature'), 'base64');
    if (at === '' || signature.length === 0)
      return refused('This is not signed. Turn on the Signed Event Webhook at SendGrid.');
    const stale = findAgeFlaw(/^\d{1,12}$/.test(at) ? Number(at) * 1000 : Number.NaN, now, MAX_AGE_MS);
    if (stale !== null) return refused(stale);
    return verify('sha256', Buffer.concat([Buffer.from(at), body]), key, signature)
      ? proved
      : refused('The signature does not prove that this comes from SendGrid.');
  },
  read: (call) => readAll(call.json()),
};
