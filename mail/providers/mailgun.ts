// Mailgun's webhooks: one event each, with an HMAC-SHA256 over time and token in its body. The signature does not cover the
// event, so a token is good once: who saw one notification could hang another event to it. A mail is known by its
// Message-ID, which Mailgun keeps, or by the variables that our header gave it.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Reason } from '../reason-rules.ts';
import {
  findAgeFlaw,
  idOf,
  isSame,
  isUnread,
  lookUp,
  MARK,
  type Notice,
  type Notices,
  nothing,
  type Provider,
  readRecord,
  refused,
  someText,
} from './provider.ts';
import { judgeFailure } from './reason.ts';

/** It repeats for eight hours, and does not document that a repetition is signed anew. */
const MAX_AGE_MS = 9 * 3_600_000;

const signed = z.object({
  signature: z.object({
    timestamp: z.union([z.string(), z.number()]).transform(String),
    token: z.string().min(1).max(200),
    signature: z.string().max(200),
  }),
});
const nested = z.object({ [MARK]: someText }).catch({ [MARK]: '' });
const record = z.object({
  event: z.string({ error: 'it needs the name of what happened, as in "failed"' }),
  id: someText,
  severity: someText,
  reason: someText,
  'delivery-status': z
    .object({ message: someText, description: someText, 'enhanced-code': someText })
    .catch({ message: '', description: '', 'enhanced-code': '' }),
  message: z
    .object({ headers: z.object({ 'message-id': someText }) })
    .catch({ headers: { 'message-id': '' } }),
  'user-variables': nested,
});
type Said = z.infer<typeof record>;

const SORTED: { readonly [reason: string]: Reason } = {
  espblock: 'blocked',
  greylisted: 'rate',
  old: 'expired',
};
type Told = Pick<Notice, 'is' | 'reason' | 'hard'>;
const plain = (is: Notice['is']): Told => ({ is, reason: null, hard: false });
/** Mailgun's own lists: nothing was sent, because of what was said before. */
const LISTED: { readonly [reason: string]: Told } = {
  'suppress-complaint': plain('complained'),
  'suppress-unsubscribe': plain('leaves'),
  'suppress-bounce': { is: 'bounced', reason: 'suspended', hard: false },
};

const READ: { readonly [event: string]: (said: Said) => Told } = {
  accepted: () => plain('accepted'),
  opened: () => plain('accepted'),
  clicked: () => plain('accepted'),
  delivered: () => plain('delivered'),
  complained: () => plain('complained'),
  unsubscribed: () => plain('leaves'),
  failed(said) {
    // A delay: Mailgun goes on for eight hours, and then says `permanent`.
    if (said.severity === 'temporary') return plain('accepted');
    const { message, description, 'enhanced-code': status } = said['delivery-status'];
    return (
      lookUp(LISTED, said.reason) ?? {
        is: 'bounced',
        ...judgeFailure({ words: message || description, status, sorted: lookUp(SORTED, said.reason) }),
      }
    );
  },
  rejected: ({ 'delivery-status': { message }, reason }) => ({
    is: 'bounced',
    ...judgeFailure({ words: message || reason, sorted: 'policy' }),
  }),
};

function readOne(body: unknown): Notices {
  const event = typeof body === 'object' && body !== null && 'event-data' in body ? body['event-data'] : null;
  const said = readRecord(record, event, 'event-data');
  if (isUnread(said)) return { ...nothing, unread: [said] };
  const told = lookUp(READ, said.event)?.(said);
  if (told === undefined) return { ...nothing, ignored: 1 };
  const marks = [said['user-variables'][MARK], said.message.headers['message-id']];
  return { ...nothing, notices: [{ ...told, id: idOf('mailgun', said.id || event), marks }] };
}

export const mailgun: Provider = {
  name: 'mailgun',
  setting: 'MAILGUN_WEBHOOK_KEY',
  mark: (messageId) => ({ key: 'X-Mailgun-Variables', value: JSON.stringify({ [MARK]: messageId }) }),
  isSetUp: (keys) => keys.mailgun !== null,
  async prove(call, { mailgun: secret }) {
    const read = signed.safeParse(call.json());
    if (secret === null || !read.success) return refused('The body has no signature of Mailgun.');
    const { timestamp, token, signature } = read.data.signature;
    const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
    const stale = findAgeFlaw(at, call.now, MAX_AGE_MS);
    if (stale !== null) return refused(stale);
    const wanted = createHmac('sha256', secret).update(`${timestamp}${token}`).digest('hex');
    return isSame(signature.toLowerCase(), wanted)
      ? { is: 'proved', once: token }
      : refused('The signature does not prove that this comes from Mailgun.');
  },
  read: (call) => readOne(call.json()),
};
