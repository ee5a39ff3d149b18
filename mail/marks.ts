// What a mail carries to be recognized by: its Message-ID, its return path, and the links to leave. All are made from
// the delivery's id with a key, so they are the same over every retry, hold no address, and cannot be made up: a bounce
// or a click that names a delivery is believed only where the signature fits. Pure.
import { type Key, sign, signAddress, verify, verifyAddress } from './links.ts';

/** The house that sends: where its pages are, and which domains its identifiers stand under. */
export interface House {
  /** Without a slash at its end: https://mail.acme.example */
  readonly publicUrl: string;
  /** Of the Message-ID and List-Id. */
  readonly domain: string;
  /** Where bounces return to; null: to the sender, unmarked. */
  readonly bounceDomain: string | null;
  /** By which the relay knows a message it already has; null or left out: it has none. */
  readonly idempotencyHeader?: string | null;
  /** What the provider behind the relay needs to name the mail when it tells of it; null or left out: nothing. */
  readonly mark?: ((messageId: string) => Mark | null) | null;
  readonly keys: readonly Key[];
}

export interface Mark {
  readonly key: string;
  readonly value: string;
}

export interface Marks {
  /** With angle brackets. */
  readonly messageId: string;
  /** The envelope's sender; null: the From address. */
  readonly returnPath: string | null;
  readonly unsubscribe: string;
  /** mailto:, for clients that leave by mail; null without a bounce domain to receive it. */
  readonly unsubscribeMail: string | null;
  readonly preferences: string;
  /** A page with the button that confirms what the contact is asked. */
  readonly confirm: string;
  /** The same over every retry; null where the relay has no such header. */
  readonly idempotency: Mark | null;
  /** Our Message-ID where the provider gives it back. */
  readonly provider: Mark | null;
}

interface Marked {
  readonly id: string;
  readonly contactId: string;
  readonly topic: string | null;
}

/** Paths of the pages that the links lead to. */
export const UNSUBSCRIBE_PATH = '/u/';
export const PREFERENCES_PATH = '/p/';
export const CONFIRM_PATH = '/confirm/';

/** The same for every try of a delivery. */
export function messageIdOf(id: string, { keys, domain }: Pick<House, 'keys' | 'domain'>): string {
  return `<${signAddress('message', id, keys)}@${domain}>`;
}

export function markDelivery({ id, contactId, topic }: Marked, house: House): Marks {
  const { publicUrl, domain, bounceDomain, keys, idempotencyHeader = null, mark = null } = house;
  const messageId = `${signAddress('message', id, keys)}@${domain}`;
  return {
    messageId: `<${messageId}>`,
    provider: mark?.(messageId) ?? null,
    returnPath: bounceDomain && `b+${signAddress('bounce', id, keys)}@${bounceDomain}`,
    unsubscribe: `${publicUrl}${UNSUBSCRIBE_PATH}${sign('unsubscribe', `${contactId}:${topic ?? '-'}:${id}`, keys)}`,
    unsubscribeMail:
      bounceDomain && `mailto:u+${signAddress('leave', id, keys)}@${bounceDomain}?subject=unsubscribe`,
    confirm: `${publicUrl}${CONFIRM_PATH}${sign('confirm', `${contactId}:${id}`, keys)}`,
    preferences: `${publicUrl}${preferencesPath(contactId, keys)}`,
    idempotency:
      idempotencyHeader === null
        ? null
        : { key: idempotencyHeader, value: signAddress('idempotency', id, keys) },
  };
}

export const TASK_PATH = '/t/';

/** Where a colleague closes or puts off a task; it says who was told. */
export function taskLink(id: string, person: string, { publicUrl, keys }: House): string {
  return `${publicUrl}${TASK_PATH}${sign('task', `${id}:${person}`, keys)}`;
}

/** The task, and who was told of it, by the token of such a link. */
export function readTaskLink(token: string, keys: readonly Key[]): { id: string; person: string } | null {
  const [id, person] = verify(token, 'task', keys)?.id.split(':') ?? [];
  return id === undefined || person === undefined || !/^\d{1,18}$/.test(id) ? null : { id, person };
}

export const SURVEY_PATH = '/s/';

/** Where the contact answers; the score that a link of the mail marks stands behind it as `?score=7`. */
export function surveyLink(sendId: string, { publicUrl, keys }: House): string {
  return `${publicUrl}${SURVEY_PATH}${sign('survey', sendId, keys)}`;
}

/** The asking, by the token of such a link. */
export function readSurveyLink(token: string, keys: readonly Key[]): string | null {
  const id = verify(token, 'survey', keys)?.id ?? '';
  return /^\d{1,18}$/.test(id) ? id : null;
}

export const FORM_PATH = '/f/';

/** Where the contact fills in a form, in answer to that delivery. */
export function formLink(deliveryId: string, form: string, { publicUrl, keys }: House): string {
  return `${publicUrl}${FORM_PATH}${sign('form', `${deliveryId}:${form}`, keys)}`;
}

/** The delivery that asked, and the form, by the token of such a link. */
export function readFormLink(
  token: string,
  keys: readonly Key[],
): { deliveryId: string; form: string } | null {
  const [deliveryId, form] = verify(token, 'form', keys)?.id.split(':') ?? [];
  return deliveryId === undefined || form === undefined || !/^\d{1,18}$/.test(deliveryId)
    ? null
    : { deliveryId, form };
}

/** Who leaves what, by the token of an unsubscribe link; topic null: everything. */
export function readUnsubscribe(
  token: string,
  keys: readonly Key[],
): { contactId: string; topic: string | null; deliveryId: string } | null {
  const [contactId, topic, deliveryId] = verify(token, 'unsubscribe', keys)?.id.split(':') ?? [];
  if (contactId === undefined || topic === undefined || deliveryId === undefined) return null;
  return { contactId, topic: topic === '-' ? null : topic, deliveryId };
}

/** Who confirms, and the mail that asked for it. */
export function readConfirm(
  token: string,
  keys: readonly Key[],
): { contactId: string; deliveryId: string } | null {
  const [contactId, deliveryId] = verify(token, 'confirm', keys)?.id.split(':') ?? [];
  return contactId === undefined || deliveryId === undefined ? null : { contactId, deliveryId };
}

/** The path of a contact's preference page, for links between our own pages. */
export function preferencesPath(contactId: string, keys: readonly Key[]): string {
  return `${PREFERENCES_PATH}${sign('preferences', contactId, keys)}`;
}

/** The contact, by the token of a preferences link. */
export function readPreferences(token: string, keys: readonly Key[]): string | null {
  return verify(token, 'preferences', keys)?.id ?? null;
}

/** The delivery that a Message-ID of ours names; brackets or not. */
export function readMessageId(messageId: string, keys: readonly Key[]): string | null {
  return verifyAddress(messageId.replace(/^<|@.*$/gs, ''), 'message', keys);
}

/** The delivery that a bounce came back for (`b+...`), or that a mail asks to leave by (`u+...`). */
export function readReturnPath(
  address: string,
  keys: readonly Key[],
): { deliveryId: string; leaves: boolean } | null {
  const [, kind, local] = /^<?([bu])\+([^@]+)@/i.exec(address.trim()) ?? [];
  if (kind === undefined || local === undefined) return null;
  const leaves = kind.toLowerCase() === 'u';
  const deliveryId = verifyAddress(local, leaves ? 'leave' : 'bounce', keys);
  return deliveryId === null ? null : { deliveryId, leaves };
}
