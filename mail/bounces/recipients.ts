// What became of one recipient: from the fields of a delivery status, or from the words about it, by the same table of
// reasons as a refusal on the line. A delay is never hard, nor is a 4xx that time has turned into a failure.
import type { Reason } from '../reason-rules.ts';
import { isHard, reasonOf, specificReasonOf } from '../reasons.ts';
import type { StatusFields } from './status.ts';

export interface BouncedRecipient {
  /** Untrusted: show it escaped, and act on it only where the delivery is proved. */
  readonly address: string;
  /** RFC 3463, as in `5.1.1`; null where none was given. */
  readonly status: string | null;
  readonly reason: Reason;
  /** The address is dead for good: suppress it. */
  readonly hard: boolean;
  readonly action: 'failed' | 'delayed' | 'delivered' | 'complained';
}

const VAGUE: readonly Reason[] = ['other', 'policy', 'network'];
const DELIVERED = ['delivered', 'relayed', 'expanded'];

/** `words`: what the human part says about this recipient, for where a server puts only a number into the fields. */
export function fromStatus(
  { address, action, status, diagnostic }: StatusFields,
  words: string,
): BouncedRecipient {
  if (DELIVERED.includes(action))
    return { address, status, reason: 'other', hard: false, action: 'delivered' };
  const told = reasonOf({ enhanced: status, response: diagnostic, phase: 'after' });
  // A refusal of the sender in so many words is no longer vague, and must not be taken for a dead address.
  const isVague = VAGUE.includes(told) && specificReasonOf(diagnostic) !== 'policy';
  const said = isVague ? reasonOf({ enhanced: null, response: words, phase: 'after' }) : told;
  const reason = VAGUE.includes(said) ? told : said;
  if (action === 'delayed')
    return { address, status, reason: reason === 'other' ? 'expired' : reason, hard: false, action };
  // Gmail ends with 4.0.0 what no server has called temporary: a domain that is not there.
  const isUndecided = status === '4.0.0' && !/(?:^|[\s-])4\d\d[\s-]/.test(diagnostic);
  return { address, status, reason, hard: isHard(reason, isUndecided ? null : status), action: 'failed' };
}

/** `around`: what to ask, in turn, where the words themselves say nothing. */
export function fromWords(
  address: string,
  words: string,
  { around, isDelay }: { readonly around: readonly string[]; readonly isDelay: boolean },
): BouncedRecipient {
  const status = [words, ...around].map(statusIn).find((one) => one !== null) ?? null;
  const reason = firstReason([words, ...around], status);
  const isLater = /(?:^|[\s<(])4\d\d[ -]/m.test(words) && !/(?:^|[\s<(])5\d\d[ -]/m.test(words);
  const hard = !isDelay && !isLater && isHard(reason, status);
  return { address, status, reason, hard, action: isDelay ? 'delayed' : 'failed' };
}

function firstReason(texts: readonly string[], status: string | null): Reason {
  for (const response of texts) {
    const told = reasonOf({ enhanced: status, response, phase: 'after' });
    if (told !== 'other') return told;
  }
  return 'other';
}

/** A warning that the mail is still being tried. */
export function tellsOfDelay(text: string): boolean {
  const isWaiting =
    /\b(?:will (?:continue to )?(?:be retried|retry|keep trying)|has not (?:yet )?been delivered|no action is required|do not need to resend)\b/i;
  return isWaiting.test(text) && !/permanent|given up|giving up/i.test(text);
}

function statusIn(words: string): string | null {
  return /(?:^|[\s#(<:[-])([45]\.\d\.\d{1,3})(?![\d.])/m.exec(words)?.[1] ?? null;
}
