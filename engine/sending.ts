// The sending rules of a policy, as a claim asks them at one instant: caps, rates by recipient and by sender, today's
// share of a warm-up, and who sends which topic.
import { parseIsoDate } from './civil.ts';
import type { Cap, Policy, Rate } from './policy.ts';

export interface SendingRules {
  readonly caps: readonly Cap[];
  /** By recipient domain; `*` for each of the others. */
  readonly rates: readonly (Rate & { readonly domain: string })[];
  readonly senders: readonly SenderRule[];
}

export interface SenderRule {
  readonly topic: string;
  readonly domain: string;
  /** The domain's own rate; null: none. */
  readonly count: number | null;
  readonly ms: number | null;
  /** Mails that a warming domain may send today; null: it is warm. */
  readonly perDay: number | null;
}

export const noRules: SendingRules = { caps: [], rates: [], senders: [] };
const dayMs = 86_400_000;

/** `domainOf` a topic: of the address that its mails are sent from. */
export function sendingRules(policy: Policy, domainOf: (topic: string) => string, now: number): SendingRules {
  const senders = Object.keys(policy.topics).map((topic) => {
    const domain = domainOf(topic);
    const { rate = null } = policy.domains[domain] ?? {};
    return {
      topic,
      domain,
      count: rate?.count ?? null,
      ms: rate?.ms ?? null,
      perDay: warmth(policy, domain, now),
    };
  });
  const rates = Object.entries(policy.rates).map(([domain, rate]) => ({ domain, ...rate }));
  return { caps: policy.caps, rates, senders };
}

/** Before its first day a warming domain sends what it may send on that day: someone has begun early. */
function warmth({ domains }: Policy, domain: string, now: number): number | null {
  const warmUp = domains[domain]?.warmUp ?? null;
  const from = warmUp === null ? null : parseIsoDate(warmUp.from);
  if (warmUp === null || from === null) return null;
  const day = Math.max(0, Math.floor(now / dayMs) - from);
  return warmUp.perDay[day] ?? null;
}
