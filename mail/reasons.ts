// Why a mail was refused, read from a reply or a bounce by the table in reason-rules.ts. Pure; never throws; the text is
// untrusted, so only its first 2,000 characters are looked at.
import type { Phase } from './message.ts';
import { type Reason, type Rule, SPECIFIC_WORDS, STATUS_REASONS, VAGUE_WORDS } from './reason-rules.ts';

const HARD: ReadonlySet<Reason> = new Set(['userunknown', 'hostunknown', 'hasmoved']);
/** What a number says of the contact means nothing before the recipient was named. */
const CONTACT: ReadonlySet<Reason> = new Set([...HARD, 'mailboxfull', 'suspended']);

export interface Told {
  /** RFC 3463, as in `5.1.1`; null where none was given. */
  readonly enhanced: string | null;
  readonly response: string;
  /** A bounce has no phase of its own: it speaks of a recipient. */
  readonly phase: Phase;
}

export function reasonOf({ enhanced, response, phase }: Told): Reason {
  if (phase === 'auth') return 'auth';
  const words = readable(response);
  const specific = match(SPECIFIC_WORDS, words, phase);
  if (specific !== undefined) return specific;
  const numbered = STATUS_REASONS[enhanced?.slice(2) ?? ''];
  const isBefore = phase === 'connect' || phase === 'mail';
  if (numbered !== undefined && !(isBefore && CONTACT.has(numbered))) return numbered;
  return match(VAGUE_WORDS, words, phase) ?? (phase === 'connect' ? 'network' : 'other');
}

/** By specific words alone: what no other text about the same refusal may overrule. */
export function specificReasonOf(response: string): Reason | undefined {
  return match(SPECIFIC_WORDS, readable(response), 'after');
}

/** Whether a reason is the address's own, for good. A refusal of 4xx never is. */
export function isHard(reason: Reason, enhanced: string | null = null): boolean {
  return HARD.has(reason) && enhanced?.startsWith('4') !== true;
}

/** A reply with its addresses taken out: they are personal, and `spam@acme.example` is no accusation. */
export function withoutAddresses(response: string): string {
  return response.slice(0, 2000).replace(/<?[^\s<>@"':;,]{1,64}@[^\s<>@"':;,]{1,255}>?/g, '<address>');
}

/** One line: a reply of several has its code before each. */
function readable(response: string): string {
  return withoutAddresses(response)
    .replace(/(^|\s)[245]\d\d-(?:[245]\.\d{1,3}\.\d{1,3}(?=\s))?/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Asked with and without the names of hosts: `no.example does not exist` is not two sentences. */
function match(rules: readonly Rule[], words: string, phase: Phase): Reason | undefined {
  const hostless = words.replace(/\[?\b(?:[\w-]+\.)+(?:[a-z][a-z0-9-]+|\d+\])/gi, '~');
  return rules.find(
    ({ phases, text }) =>
      (phases === undefined || phases.includes(phase)) && (text.test(words) || text.test(hostless)),
  )?.reason;
}
