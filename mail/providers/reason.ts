// Why a provider says that a mail failed: the server's own words and number by the one table of reasons; where these say
// nothing, the class that the provider sorted it into. A class alone is enough only where it names the fault.
import type { Reason } from '../reason-rules.ts';
import { isHard, reasonOf } from '../reasons.ts';

interface Said {
  /** What the receiving server answered. */
  readonly words: string;
  /** RFC 3463; '' where it stands in the words, if anywhere. */
  readonly status?: string;
  /** The provider's own class in our words. */
  readonly sorted?: Reason | undefined;
}

export function judgeFailure({ words, status = '', sorted }: Said): { reason: Reason; hard: boolean } {
  const form = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/;
  const enhanced = form.exec(status)?.[0] ?? form.exec(words)?.[0] ?? null;
  const told = reasonOf({ enhanced, response: words, phase: 'after' });
  const reason = told === 'other' && sorted !== undefined ? sorted : told;
  return { reason, hard: isHard(reason, enhanced) };
}
