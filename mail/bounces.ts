// What a mail that came back means: a bounce, a complaint, an automatic answer, a proof of delivery, or none of these.
// Identity first (whose delivery it is, by signature), then content: the fields of RFC 3464, then prose. Pure but for the
// MIME library's promise; never throws, whatever it is given.
import { isAutomatic } from './bounces/automatic.ts';
import { readComplaint } from './bounces/complaint.ts';
import { findDelivery } from './bounces/identity.ts';
import { type Opened, openMail } from './bounces/open.ts';
import { isMailSystem, isPersons, readNamed, returnedTo, weighBounce } from './bounces/prose.ts';
import { type BouncedRecipient, fromStatus, fromWords, tellsOfDelay } from './bounces/recipients.ts';
import { readSns } from './bounces/sns.ts';
import { readStatuses } from './bounces/status.ts';
import type { Key } from './links.ts';

export interface Bounce {
  readonly kind: 'bounce' | 'complaint' | 'auto-reply' | 'delivered' | 'none';
  readonly recipients: readonly BouncedRecipient[];
  /** The delivery it is about, proved by our own signature; null: unproved. */
  readonly deliveryId: string | null;
}
const ADDRESSES = /[^\s<>",;:()@]{1,64}@[^\s<>",;:()@]{1,255}/g;
/** One mail of ours has one recipient; a list's bounce may name several. */
const MOST_RECIPIENTS = 50;

type Judged = Omit<Bounce, 'deliveryId'>;

export async function readBounce(mail: Uint8Array | string, keys: readonly Key[] = []): Promise<Bounce> {
  const opened = await openMail(mail);
  return { ...judge(opened), deliveryId: findDelivery(opened, keys) };
}

function judge(opened: Opened): Judged {
  const own = ownAddresses(opened);
  const complained = readComplaint(opened, own);
  if (complained !== null) return { kind: 'complaint', recipients: complained.map(complaint) };
  if (opened.feedback !== null) return { kind: 'none', recipients: [] };
  const isAnswer = isAutomatic(opened);
  // Exim calls its bounces automatic replies: who wrote it, and whom it names as failed, tells them apart.
  const isOfPerson = isAnswer && !isMailSystem(opened.from) && !opened.headers.has('x-failed-recipients');
  return (
    readSns(opened) ??
    judgeStatuses(opened, own) ??
    (isOfPerson ? null : judgeProse(opened, own)) ?? {
      kind: isAnswer ? 'auto-reply' : 'none',
      recipients: [],
    }
  );
}

function complaint(address: string): BouncedRecipient {
  return { address, status: null, reason: 'spam', hard: false, action: 'complained' };
}

function judgeStatuses(opened: Opened, own: ReadonlySet<string>): Judged | null {
  const fields = [...opened.statuses, ...strayStatuses(opened)]
    .flatMap(readStatuses)
    .slice(0, MOST_RECIPIENTS);
  if (fields.length === 0) return null;
  const named = readNamed(opened, new Set());
  const recipients = fields.map((one) => {
    const address = one.address || (returnedTo(opened, own) ?? '');
    const words = named.find((other) => other.address.toLowerCase() === address.toLowerCase())?.words;
    return fromStatus({ ...one, address, diagnostic: aboutUs(one.diagnostic, own) }, words ?? opened.text);
  });
  const isDelivered = recipients.every((one) => one.action === 'delivered');
  return { kind: isDelivered ? 'delivered' : 'bounce', recipients };
}

/** A refusal that names us and nobody else is about us: `<hello@acme.example>: no such user` after MAIL FROM. */
function aboutUs(diagnostic: string, own: ReadonlySet<string>): string {
  const named =
    diagnostic
      .slice(0, 2_000)
      .match(ADDRESSES)
      ?.map((one) => one.toLowerCase()) ?? [];
  const isOurs = named.length > 0 && named.every((one) => own.has(one));
  return isOurs ? `sender address: ${diagnostic}` : diagnostic;
}

function judgeProse(opened: Opened, own: ReadonlySet<string>): Judged | null {
  const weight = weighBounce(opened);
  if (weight < 3) return null;
  const named = readNamed(opened, own).slice(0, MOST_RECIPIENTS);
  if (named.length === 0 && weight < 5) return null;
  const isDelay = tellsOfDelay(opened.text);
  // Where one failed, all the words are about it; where several did, each has its own.
  const recipients = named.map(({ address, words }) =>
    fromWords(address, words, { around: named.length === 1 ? [opened.text, opened.subject] : [], isDelay }),
  );
  return { kind: 'bounce', recipients };
}

/** Where the MIME around it is broken, the fields still stand in the raw mail. */
function strayStatuses(opened: Opened): string[] {
  const { statuses, raw, text } = opened;
  if (statuses.length > 0 || isPersons(opened)) return [];
  const where = /^(?:final|original)-recipient[ \t]*:/im.test(text) ? text : raw;
  const at = where.search(/^(?:reporting-mta|final-recipient|original-recipient)[ \t]*:/im);
  const hasAction = /^action[ \t]*:[ \t]*(?:failed|delayed|delivered|relayed|expanded)/im.test(where);
  return at >= 0 && hasAction ? [where.slice(at, at + 20_000)] : [];
}

/** Ours: whom the bounce was sent to, and who wrote what it returns. */
function ownAddresses({ headers, returned }: Opened): Set<string> {
  const names = ['to', 'delivered-to', 'x-original-to'];
  const sender = /^(?:from|reply-to|return-path|sender)[ \t]*:.*$/gim;
  const fields = [...names.flatMap((name) => headers.get(name) ?? []), ...(returned.match(sender) ?? [])];
  const all = fields.flatMap((one) => one.slice(0, 2_000).match(ADDRESSES) ?? []);
  return new Set(all.map((one) => one.toLowerCase()));
}
