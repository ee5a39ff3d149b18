// What an SMTP reply means for a delivery. 4xx later, 5xx refused, silence after the dot unknown; only a mailbox or host
// that does not exist, or has moved, is hard (the address's own fault: it is suppressed). Pure: jitter is passed in.
import type { Outcome } from '../engine/step.ts';
import type { Reply } from './message.ts';
import { isHard, reasonOf, withoutAddresses } from './reasons.ts';

export interface Standing {
  /** 1 for the first try. */
  readonly attempt: number;
  readonly now: number;
  readonly expiresAt: number;
  /** In [0, 1): a hash of (delivery, attempt), so that retries spread and a replay retries alike. */
  readonly random: number;
}

export function verdict(reply: Reply, standing: Standing): Outcome {
  switch (reply.is) {
    case 'accepted':
      return { is: 'sent', reply: reply.response };
    case 'withheld':
      return { is: 'withheld', why: 'the ledger no longer lets it go' };
    case 'lost':
      return reply.phase === 'after'
        ? { is: 'unknown', why: `no reply after the final dot: ${reply.why}` }
        : later(standing, reply.why, WAYS.relay);
    case 'rejected':
      return judge(reply, standing);
  }
}

function judge(reply: Reply & { is: 'rejected' }, standing: Standing): Outcome {
  const reason = reasonOf(reply);
  const response = withoutAddresses(reply.response);
  // A server that will not talk to us, or not with this password, says nothing of the contact: ours to mend, and tried again.
  const isOurs = reply.phase === 'connect' || reply.phase === 'auth';
  if (isOurs) return later(standing, `${reason}: ${response}`, WAYS.relay);
  if (reply.code < 500) return later(standing, `${reason}: ${response}`, WAYS.recipient);
  return { is: 'refused', why: response, reason, hard: isHard(reason) };
}

/**
 * How long to wait: from the first, doubling to the longest, each spread over half to all of itself. Our own relay is
 * asked again soon: it is back in seconds when it restarts, and the transport keeps it from being stormed.
 */
const WAYS = {
  relay: { firstMs: 15_000, longestMs: 15 * 60_000 },
  recipient: { firstMs: 5 * 60_000, longestMs: 6 * 3_600_000 },
} as const;

function later(
  { attempt, now, expiresAt, random }: Standing,
  why: string,
  { firstMs, longestMs }: (typeof WAYS)[keyof typeof WAYS],
): Outcome {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 20));
  const at = now + Math.round(full / 2 + (full / 2) * random);
  if (at <= expiresAt) return { is: 'later', at, why };
  return {
    is: 'refused',
    why: `its lifetime ended while it was being retried; last: ${why}`,
    reason: 'expired',
    hard: false,
  };
}
