// What the answer to a call means: 2xx sent; 5xx, 408, 425, 429 and silence later, with backoff and as long as the delivery
// lives; everything else refused, redirects among it. Pure: jitter is passed in.
import type { Outcome } from '../engine/step.ts';

export type Answer =
  | { readonly is: 'answered'; readonly status: number; readonly retryAfter: string | null }
  | { readonly is: 'silent'; readonly why: string }
  /** It was not called at all, and will not be. */
  | { readonly is: 'forbidden'; readonly why: string };

export interface Standing {
  /** 1 for the first try. */
  readonly attempt: number;
  readonly now: number;
  readonly expiresAt: number;
  /** In [0, 1). */
  readonly random: number;
}

const firstMs = 5_000;
const longestMs = 3_600_000;
const passing = [408, 425, 429];

export function judgeAnswer(answer: Answer, standing: Standing): Outcome {
  if (answer.is === 'forbidden') return refused(answer.why, 'forbidden');
  if (answer.is === 'silent') return later(answer.why, null, standing);
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { is: 'sent', reply: String(status) };
  if (status >= 500 || passing.includes(status)) return later(`answered ${status}`, retryAfter, standing);
  if (status >= 300 && status < 400)
    return refused(`answered ${status}: redirects are not followed`, 'redirected');
  return refused(`answered ${status}`, 'rejected');
}

function refused(why: string, reason: string): Outcome {
  return { is: 'refused', why, reason, hard: false };
}

/** From five seconds, doubling to an hour, each spread over half to all of itself; never sooner than was asked for. */
function later(why: string, retryAfter: string | null, standing: Standing): Outcome {
  const { attempt, now, expiresAt, random } = standing;
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  const asked = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0;
  const at = now + Math.max(Math.round(full / 2 + (full / 2) * random), asked);
  if (at <= expiresAt) return { is: 'later', at, why };
  return refused(`its lifetime ended while it was being retried; last: ${why}`, 'expired');
}
