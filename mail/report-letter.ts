// The mail of a report: what was written of it (words, table, pictures), addressed and marked as one delivery. Pure.
import type { Facts } from '../engine/step.ts';
import { cleanLine, isAddress, needsSmtpUtf8 } from './addresses.ts';
import { headersOf, type Identity, nameOf, type Unaddressable } from './compose.ts';
import type { Marks } from './marks.ts';
import type { Message, Picture } from './message.ts';

/** A report as a mail: every picture of `html` is one of `pictures`, by `cid:`. */
export interface WrittenReport {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly pictures: readonly Picture[];
}

export interface Addressing {
  readonly facts: Facts;
  readonly marks: Marks;
  readonly identity: Identity;
  readonly delivery: { readonly workflow: string; readonly node: string };
  readonly now: number;
}

export function composeReport(
  { subject, ...written }: WrittenReport,
  { facts, marks, identity, delivery, now }: Addressing,
): Message | Unaddressable {
  const { email } = facts.contact;
  const address = typeof email === 'string' ? email.trim() : '';
  if (!isAddress(address)) return { is: 'unaddressable', why: 'there is no address that mail can go to' };
  return {
    ...written,
    envelope: { from: marks.returnPath ?? identity.from.address, to: address },
    messageId: marks.messageId,
    from: { name: cleanLine(identity.from.name), address: identity.from.address },
    to: { name: nameOf(facts), address },
    replyTo: identity.replyTo,
    subject: cleanLine(subject, 400),
    at: now,
    headers: headersOf({ topic: null, marks, identity, delivery }),
    needsSmtpUtf8: needsSmtpUtf8(address),
  };
}
