// The contract of a mail provider: how its notifications prove themselves, and what they say of mails. A provider is one
// file and a line in mail/providers.ts. Reading is pure and never throws; what it cannot read it names, and reads the rest.
import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Mark } from '../marks.ts';
import type { Reason } from '../reason-rules.ts';

/** One request, as it came. */
export interface Call {
  /** '' where there is none. */
  header(name: string): string;
  readonly body: Buffer;
  /** The body as JSON; parsed when it is first asked for, and refused there if it is none. */
  json(): unknown;
  readonly now: number;
}

/** What proves the providers, from the environment; null or empty: that provider is not set up. */
export interface ProviderKeys {
  /** ARNs of the SNS topics that are believed. */
  readonly sesTopics: readonly string[];
  readonly sendgrid: KeyObject | null;
  /** `user:password` for basic authentication, or the text of a header. */
  readonly postmark: string | null;
  readonly mailgun: string | null;
}

/** The public key of a certificate at an address that was found to be the provider's own; null: there is none. */
export type FindCertificate = (url: string) => Promise<KeyObject | null>;

export type Proof =
  /** `once`: under which a repetition is refused. */
  { readonly is: 'proved'; readonly once?: string } | { readonly is: 'refused'; readonly why: string };

/** What one notification says of one mail, before it is known whose mail it is. */
export interface Notice {
  /** Where our signature may stand: a Message-ID, a return path, what our own header gave back. */
  readonly marks: readonly string[];
  /** `accepted`: the provider has it, or somebody saw it; proof that it has left, and no more. */
  readonly is: 'bounced' | 'complained' | 'delivered' | 'accepted' | 'leaves';
  /** The same for the same happening, however often it is told. */
  readonly id: string;
  readonly reason: Reason | null;
  readonly hard: boolean;
}

export interface Unread {
  readonly path: string;
  readonly reason: string;
}

export interface Notices {
  readonly notices: readonly Notice[];
  /** Known and of no concern to the ledger, or of a kind that came after this was written. */
  readonly ignored: number;
  readonly unread: readonly Unread[];
  /** An address of the provider's own that must be visited once, to confirm that we want its notifications. */
  readonly visit?: string;
}

export interface Provider {
  readonly name: string;
  /** In the environment; said where it is missing. */
  readonly setting: string;
  /** What a mail must carry for its notifications to name it; null: they repeat its Message-ID anyway. */
  mark(messageId: string): Mark | null;
  isSetUp(keys: ProviderKeys): boolean;
  prove(call: Call, keys: ProviderKeys, find: FindCertificate): Promise<Proof>;
  read(call: Call): Notices;
}

/** Under which a mail says its Message-ID where a provider gives back what it was told. */
export const MARK = 'voronka';

export const refused = (why: string): Proof => ({ is: 'refused', why });
export const proved: Proof = { is: 'proved' };
export const nothing: Notices = { notices: [], ignored: 0, unread: [] };

/** Takes as long for a near miss as for any other, and tells nothing of the length. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

/** How old a notification may be, and how far ahead of our clock: null: neither. */
export function findAgeFlaw(at: number, now: number, maxAgeMs: number): string | null {
  if (!Number.isFinite(at)) return 'The time of sending cannot be read.';
  if (at > now + 5 * 60_000) return 'The time of sending lies ahead of our clock.';
  return now - at <= maxAgeMs ? null : 'This was sent too long ago; the provider itself would not repeat it.';
}

/** A stranger's id, as short as ours; of any length and any characters before. */
export function idOf(provider: string, ...parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([provider, ...parts]))
    .digest('hex')
    .slice(0, 24);
}

/** The record, or what about it is not as documented; nothing of its values is repeated. */
export function readRecord<T>(shape: z.ZodType<T>, value: unknown, path: string): T | Unread {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  return {
    path: [path, ...(first?.path ?? [])].filter((one) => one !== '').join('.'),
    reason: first?.message ?? 'it is not as documented',
  };
}

export const isUnread = (one: object): one is Unread => 'path' in one && 'reason' in one && !('marks' in one);

/** What stands under a name that a stranger chose. */
export function lookUp<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Text of a stranger's, where there may be anything. */
export const someText = z.string().catch('');
