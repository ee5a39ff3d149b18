// Who followed a link or loaded a picture: a person, a scanner that guards a mailbox, a proxy that loads everything, or
// nobody can say. Judged over all that came for one mail at once, because a burst over every link unmakes the click that
// began it. Pure; the reasons are kept with the class, so that a doubt can be looked up.
import type { Sign } from './visitor-signs.ts';

export interface Hit {
  readonly id: string;
  readonly kind: 'open' | 'click';
  /** null: an open; `trap`: the link that no person sees. */
  readonly target: string | null;
  readonly method: 'GET' | 'HEAD';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Tells two visitors apart, and nothing else. */
  readonly visitor: string;
  readonly signs: readonly Sign[];
}

/** The mail that the hits came for. */
export interface Hunted {
  /** When the server took it; null: it is not known that it did. */
  readonly sentAt: number | null;
  /** How many tracked links it has; 0: not known. */
  readonly links: number;
}

export type HitClass = 'human' | 'scanner' | 'proxy' | 'unknown';

export interface Judged {
  readonly id: string;
  readonly class: HitClass;
  readonly reasons: readonly string[];
}

/** Nobody has read a mail so soon after the server took it; gateways have. */
const readingMs = 10_000;
/** A person follows one link, looks, comes back: not two in a second. */
const burstMs = 1_500;
const fewest = 3;
const repeats = 5;
const repeatMs = 60_000;

interface Visit {
  readonly hits: readonly Hit[];
  readonly clicks: readonly Hit[];
  readonly mail: Hunted;
}

/** What a whole visit gives away: each hit of it is then a machine's. */
const visitRules: readonly { readonly reason: string; readonly holds: (visit: Visit) => boolean }[] = [
  { reason: 'asked with HEAD', holds: ({ hits }) => hits.some((hit) => hit.method === 'HEAD') },
  { reason: 'followed the hidden link', holds: ({ clicks }) => clicks.some((hit) => hit.target === 'trap') },
  { reason: 'a known scanner', holds: ({ hits }) => hits.some((hit) => hit.signs.includes('scanner')) },
  { reason: 'fetched all links at once', holds: isSweep },
  { reason: `${fewest} links within ${burstMs} ms of each other`, holds: isBurst },
  { reason: `one link more than ${repeats} times within a minute`, holds: isRepeating },
];

/** All hits of one mail that are not judged yet. One result a hit, in the same order. */
export function judgeHits(hits: readonly Hit[], mail: Hunted): Judged[] {
  const visits = new Map<string, string[]>();
  for (const visitor of new Set(hits.map((hit) => hit.visitor))) {
    const own = hits.filter((hit) => hit.visitor === visitor).sort((a, b) => a.at - b.at);
    const visit = { hits: own, clicks: own.filter((hit) => hit.kind === 'click'), mail };
    visits.set(
      visitor,
      visitRules.filter((rule) => rule.holds(visit)).map((rule) => rule.reason),
    );
  }
  return hits.map((hit) => judge(hit, visits.get(hit.visitor) ?? [], mail));
}

function judge(hit: Hit, ofVisit: readonly string[], { sentAt }: Hunted): Judged {
  const is = (sign: Sign) => hit.signs.includes(sign);
  if (hit.kind === 'open' && is('proxy'))
    return { id: hit.id, class: 'proxy', reasons: ['a proxy that loads every picture'] };
  const reasons = [
    ...ofVisit,
    ...(sentAt !== null && hit.at - sentAt < readingMs ? ['under 10 s after the mail was taken'] : []),
    ...(is('prefetch') ? ['fetched ahead of the reader'] : []),
  ];
  if (reasons.length > 0) return { id: hit.id, class: 'scanner', reasons };
  if (is('proxy'))
    return { id: hit.id, class: 'proxy', reasons: ['came through a proxy that loads everything'] };
  if (!is('browser')) return { id: hit.id, class: 'unknown', reasons: ['says no browser'] };
  return { id: hit.id, class: 'human', reasons: [] };
}

/** Every link of the mail, two at least, faster than a person could have looked at what they lead to. */
function isSweep({ clicks, mail }: Visit): boolean {
  const firsts = firstTouches(clicks);
  const [from, to] = [firsts[0], firsts.at(-1)];
  if (from === undefined || to === undefined || firsts.length < 2 || firsts.length < mail.links) return false;
  return to - from <= firsts.length * burstMs;
}

function isBurst({ clicks }: Visit): boolean {
  const firsts = firstTouches(clicks);
  return firsts.some(
    (at, n) => (firsts[n + fewest - 1] ?? Number.POSITIVE_INFINITY) - at <= (fewest - 1) * burstMs,
  );
}

function isRepeating({ hits }: Visit): boolean {
  return [...new Set(hits.map((hit) => hit.target))].some((target) => {
    const times = hits.filter((hit) => hit.target === target).map((hit) => hit.at);
    return times.some((at, n) => (times[n + repeats] ?? Number.POSITIVE_INFINITY) - at <= repeatMs);
  });
}

/** When each link was first followed, in order. */
function firstTouches(clicks: readonly Hit[]): number[] {
  const firsts = new Map<string | null, number>();
  for (const { target, at } of clicks) if (!firsts.has(target)) firsts.set(target, at);
  return [...firsts.values()];
}
