// Postmark's webhooks: one record each. They are not signed; what proves them is a password in their address (basic
// authentication) or a header of one's own. Postmark sends every mail under a Message-ID of its own, so a mail is known by
// the metadata that our header gave it, and by nothing else.
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
  proved,
  readRecord,
  refused,
  someText,
} from './provider.ts';
import { judgeFailure } from './reason.ts';

/** Ten repetitions over ten and a half hours; the time in it is that of the happening. */
const MAX_AGE_MS = 24 * 3_600_000;
/** The header that carries the secret where no user is in the address. */
const TOKEN_HEADER = 'x-webhook-token';

const record = z.object({
  RecordType: z.string({ error: 'it needs the kind of record, as in "Bounce"' }),
  ID: z.union([z.number(), z.string()]).catch(''),
  MessageID: someText,
  Type: someText,
  Details: someText,
  // By the name of the header, whose case mail programs change.
  Metadata: z.record(z.string(), z.unknown()).catch({}),
  SuppressSending: z.boolean().catch(false),
  SuppressionReason: someText,
});
type Said = z.infer<typeof record>;
const times = z.object({
  BouncedAt: someText,
  DeliveredAt: someText,
  ReceivedAt: someText,
  ChangedAt: someText,
});

type Told = Pick<Notice, 'is' | 'reason' | 'hard'>;
const plain = (is: Notice['is']): Told => ({ is, reason: null, hard: false });

/** Postmark's types of bounce that mean one; a challenge or an automatic answer only shows that the mail came. */
const SORTED: { readonly [type: string]: Reason } = {
  HardBounce: 'userunknown',
  BadEmailAddress: 'userunknown',
  SoftBounce: 'other',
  Unknown: 'other',
  DnsError: 'network',
  SpamNotification: 'spam',
  VirusNotification: 'spam',
  Blocked: 'blocked',
  DMARCPolicy: 'auth',
  SMTPApiError: 'other',
  ManuallyDeactivated: 'suspended',
};
const OTHERWISE: { readonly [type: string]: Told } = {
  SpamComplaint: plain('complained'),
  Unsubscribe: plain('leaves'),
};

const READ: { readonly [type: string]: (said: Said) => Told | null } = {
  Bounce({ Type: type, Details: words }) {
    const sorted = lookUp(SORTED, type);
    if (sorted === undefined) return lookUp(OTHERWISE, type) ?? plain('accepted');
    return { is: 'bounced', ...judgeFailure({ words, sorted }) };
  },
  SpamComplaint: () => plain('complained'),
  Delivery: () => plain('delivered'),
  Open: () => plain('accepted'),
  Click: () => plain('accepted'),
  // The other reasons come as a record of their own.
  SubscriptionChange: ({ SuppressSending: isOff, SuppressionReason: why }) =>
    isOff && why === 'ManualSuppression' ? plain('leaves') : null,
};

function readOne(body: unknown): Notices {
  const said = readRecord(record, body, '');
  if (isUnread(said)) return { ...nothing, unread: [said] };
  const told = lookUp(READ, said.RecordType)?.(said) ?? null;
  if (told === null) return { ...nothing, ignored: 1 };
  const id = idOf('postmark', said.RecordType, said.MessageID, said.ID);
  const marks = Object.entries(said.Metadata).flatMap(([name, mark]) =>
    name.toLowerCase() === MARK && typeof mark === 'string' ? [mark] : [],
  );
  return { ...nothing, notices: [{ ...told, id, marks }] };
}

export const postmark: Provider = {
  name: 'postmark',
  setting: 'POSTMARK_WEBHOOK_SECRET',
  mark: (messageId) => ({ key: `X-PM-Metadata-${MARK}`, value: messageId }),
  isSetUp: (keys) => keys.postmark !== null,
  async prove(call, { postmark: secret }) {
    if (secret === null) return refused('There is no secret.');
    const basic = `Basic ${Buffer.from(secret).toString('base64')}`;
    const isOurs = [
      isSame(call.header('authorization'), basic),
      isSame(call.header(TOKEN_HEADER), secret),
    ].some(Boolean);
    if (!isOurs)
      return refused(
        `Neither the user and password in the address nor the header ${TOKEN_HEADER} is that of POSTMARK_WEBHOOK_SECRET.`,
      );
    const said = times.safeParse(call.json()).data;
    const at = said && (said.BouncedAt || said.DeliveredAt || said.ReceivedAt || said.ChangedAt);
    const stale = at ? findAgeFlaw(Date.parse(at), call.now, MAX_AGE_MS) : null;
    return stale === null ? proved : refused(stale);
  },
  read: (call) => readOne(call.json()),
};
