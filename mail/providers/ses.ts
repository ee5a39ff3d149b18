// Amazon SES, through SNS: notifications of an identity and event publishing of a configuration set, which differ in one
// name. A mail is known by its return path (`source`) or by the Message-ID it was handed over with, which SES repeats
// (`commonHeaders`) though it sends the mail under one of its own.
import { z } from 'zod';
import type { Reason } from '../reason-rules.ts';
import {
  type Call,
  idOf,
  isUnread,
  lookUp,
  type Notice,
  type Notices,
  nothing,
  type Provider,
  readRecord,
  someText,
} from './provider.ts';
import { judgeFailure } from './reason.ts';
import { confirmation, proveEnvelope, readEnvelope } from './sns.ts';

const recipient = z.object({ status: someText, diagnosticCode: someText });
const report = z.object({
  notificationType: someText,
  eventType: someText,
  mail: z.object({
    messageId: someText,
    source: someText,
    commonHeaders: z.object({ messageId: someText }).catch({ messageId: '' }),
  }),
  bounce: z
    .object({
      bounceType: someText,
      bounceSubType: someText,
      feedbackId: someText,
      bouncedRecipients: z.array(recipient).max(50).catch([]),
    })
    .optional(),
  complaint: z.object({ feedbackId: someText, complaintFeedbackType: someText }).optional(),
  reject: z.object({ reason: someText }).optional(),
});
type Report = z.infer<typeof report>;

/** `bounceSubType` where it names the fault; General and Undetermined leave it to the words. */
const SORTED: { readonly [subType: string]: Reason } = {
  NoEmail: 'userunknown',
  MailboxFull: 'mailboxfull',
  MessageTooLarge: 'toobig',
  ContentRejected: 'spam',
  AttachmentRejected: 'spam',
  CustomTimeoutExceeded: 'expired',
  // Amazon's lists of addresses that bounced or complained, here or at others: nobody knows which.
  Suppressed: 'suspended',
  OnAccountSuppressionList: 'suspended',
};
type Read = (said: Report) => Omit<Notice, 'marks'> | null;
const LEFT = { is: 'accepted', reason: null, hard: false } as const;
const left: Read = ({ mail }) => ({ ...LEFT, id: idOf('ses', mail.messageId) });

const READ: { readonly [type: string]: Read } = {
  Bounce({ bounce }) {
    if (bounce === undefined) return null;
    const [first = { status: '', diagnosticCode: '' }] = bounce.bouncedRecipients;
    const sorted = lookUp(SORTED, bounce.bounceSubType);
    const isListed = sorted === 'suspended';
    // Of a suppressed address Amazon says "invalid address" in words of its own: no server has said so.
    const { reason, hard } = isListed
      ? { reason: sorted, hard: false }
      : judgeFailure({ words: first.diagnosticCode, status: first.status, sorted });
    return { is: 'bounced', id: idOf('ses', bounce.feedbackId), reason, hard };
  },
  Complaint({ complaint }) {
    if (complaint === undefined || /^(?:not-spam|auth-failure)$/.test(complaint.complaintFeedbackType))
      return null;
    return { is: 'complained', id: idOf('ses', complaint.feedbackId), reason: null, hard: false };
  },
  Reject: ({ mail, reject }) => ({
    is: 'bounced',
    id: idOf('ses', mail.messageId),
    ...judgeFailure({ words: reject?.reason ?? '', sorted: 'spam' }),
  }),
  Delivery: ({ mail }) => ({ ...LEFT, is: 'delivered', id: idOf('ses', mail.messageId) }),
  Send: left,
  DeliveryDelay: left,
  Open: left,
  Click: left,
};

function readReport(text: string): Notices {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Topics carry other programs' texts too, and SES itself greets a new topic in prose.
    return { ...nothing, ignored: 1 };
  }
  const said = readRecord(report, value, 'Message');
  if (isUnread(said)) return { ...nothing, unread: [said] };
  const found = lookUp(READ, said.notificationType || said.eventType)?.(said) ?? null;
  if (found === null) return { ...nothing, ignored: 1 };
  const marks = [said.mail.source, said.mail.commonHeaders.messageId];
  return { ...nothing, notices: [{ ...found, marks }] };
}

export const ses: Provider = {
  name: 'ses',
  setting: 'SES_TOPICS',
  mark: () => null,
  isSetUp: ({ sesTopics }) => sesTopics.length > 0,
  prove: (call, { sesTopics }, find) => proveEnvelope(call, sesTopics, find),
  read(call: Call) {
    const message = readEnvelope(call);
    if (message === null) return nothing;
    if (message.Type === 'Notification') return readReport(message.Message);
    const visit = confirmation(message);
    return visit === null ? { ...nothing, ignored: 1 } : { ...nothing, visit };
  },
};
