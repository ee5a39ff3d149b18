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
/** A person follows one link, looks, comes back: not two in a second and a half. */
const lookMs = 1_500;
const fewest = 3;
const repeats = 5;
const repeatMs = 60_000;

/** What a visitor gives away once: all that came from it is then a machine's. */
const visitRules: readonly { readonly reason: string; readonly holds: (hits: readonly Hit[]) => boolean }[] =
  [
    { reason: 'asked with HEAD', holds: (hits) => hits.some((hit) => hit.method === 'HEAD') },
    { reason: 'followed the hidden link', holds: (hits) => hits.some((hit) => hit.target === 'trap') },
    { reason: 'a known scanner', holds: (hits) => hits.some((hit) => hit.signs.includes('scanner')) },
    {
      reason: 'fetched links in a burst',
      holds: (hits) => findBursts(hits, fewest, fewest * lookMs).size > 0,
    },
  ];

/** All hits of one mail that are not judged yet. One result a hit, in the same order. */
export function judgeHits(hits: readonly Hit[], mail: Hunted): Judged[] {
  const visits = new Map<string, string[]>();
  for (const visitor of new Set(hits.map((hit) => hit.visitor))) {
    const own = hits.filter((hit) => hit.visitor === visitor);
    const reasons = visitRules.filter((rule) => rule.holds(own)).map((rule) => rule.reason);
    visits.set(visitor, reasons);
  }
  // A gateway may ask from another address each time: then the hits are looked at whoever made them.
  const links = Math.max(2, mail.links);
  const swept = findBursts(hits, links, links * lookMs);
  const burst = findBursts(hits, fewest, fewest * lookMs);
  const repeated = findRepeats(hits);
  return hits.map((hit) =>
    judge(hit, mail, [
      ...(visits.get(hit.visitor) ?? []),
      ...(swept.has(hit) ? ['fetched with all other links at once'] : []),
      ...(burst.has(hit) ? [`one of ${fewest} links within ${(fewest * lookMs) / 1000} s`] : []),
      ...(repeated.has(hit) ? [`one link more than ${repeats} times within a minute`] : []),
    ]),
  );
}

function judge(hit: Hit, { sentAt }: Hunted, seen: readonly string[]): Judged {
  const is = (sign: Sign) => hit.signs.includes(sign);
  const { id } = hit;
  if (hit.kind === 'open' && is('proxy'))
    return { id, class: 'proxy', reasons: ['a proxy that loads every picture'] };
  const reasons = [
    ...seen,
    ...(sentAt !== null && hit.at - sentAt < readingMs ? ['under 10 s after the mail was taken'] : []),
    ...(is('prefetch') ? ['fetched ahead of the reader'] : []),
  ];
  if (reasons.length > 0) return { id, class: 'scanner', reasons };
  if (is('proxy')) return { id, class: 'proxy', reasons: ['came through a proxy that loads everything'] };
  if (!is('browser')) return { id, class: 'unknown', reasons: ['says no browser'] };
  return { id, class: 'human', reasons: [] };
}

/** Clicks that lie in a stretch of `withinMs` in which `links` different ones were followed. */
function findBursts(hits: readonly Hit[], links: number, withinMs: number): Set<Hit> {
  const clicks = hits.filter((hit) => hit.kind === 'click').sort((a, b) => a.at - b.at);
  return findStretches(clicks, withinMs, (among) => new Set(among.map((hit) => hit.target)).size >= links);
}

function findRepeats(hits: readonly Hit[]): Set<Hit> {
  const targets = [...new Set(hits.map((hit) => hit.target))];
  return new Set(
    targets.flatMap((target) => {
      const own = hits.filter((hit) => hit.target === target).sort((a, b) => a.at - b.at);
      return [...findStretches(own, repeatMs, (among) => among.length > repeats)];
    }),
  );
}

/** `sorted` by time. */
function findStretches(
  sorted: readonly Hit[],
  withinMs: number,
  holds: (among: readonly Hit[]) => boolean,
): Set<Hit> {
  const found = new Set<Hit>();
  sorted.forEach((first, from) => {
    const end = sorted.findIndex((hit, n) => n > from && hit.at - first.at > withinMs);
    const among = sorted.slice(from, end < 0 ? sorted.length : end);
    if (holds(among)) for (const hit of among) found.add(hit);
  });
  return found;
}
