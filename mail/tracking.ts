// The links of one delivery by which opens and clicks are seen: signed for their purpose, made of ids alone. What a link
// leads to is looked up by its id, never read from the address, so nobody can make one of ours lead elsewhere. Pure.
import { type Key, sign, verify } from './links.ts';
import type { House } from './marks.ts';
import type { Target } from './targets.ts';

export const CLICK_PATH = '/c/';
export const OPEN_PATH = '/o/';
/** The target of the link that no person sees: whoever follows it follows everything. */
export const TRAP = 'trap';

export interface TrackedLinks {
  /** null: opens are not looked at. */
  readonly open: string | null;
  readonly trap: string | null;
  /** By the target's id; null: clicks are not looked at. */
  readonly to: Readonly<Record<string, string>> | null;
}

export const UNTRACKED: TrackedLinks = { open: null, trap: null, to: null };

export interface Tracking {
  readonly opens: boolean;
  readonly clicks: boolean;
}

export function trackDelivery(
  id: string,
  targets: readonly Target[],
  { opens, clicks }: Tracking,
  { publicUrl, keys }: House,
): TrackedLinks {
  const follow = (target: string) => `${publicUrl}${CLICK_PATH}${sign('click', `${id}:${target}`, keys)}`;
  const isClicked = clicks && targets.length > 0;
  return {
    open: opens ? `${publicUrl}${OPEN_PATH}${sign('open', id, keys)}` : null,
    trap: isClicked ? follow(TRAP) : null,
    to: isClicked ? Object.fromEntries(targets.map((one) => [one.id, follow(one.id)])) : null,
  };
}

/** By the token of a tracked link. */
export function readClick(
  token: string,
  keys: readonly Key[],
): { deliveryId: string; target: string } | null {
  const [deliveryId, target] = verify(token, 'click', keys)?.id.split(':') ?? [];
  return deliveryId === undefined || target === undefined || !isId(deliveryId)
    ? null
    : { deliveryId, target };
}

/** The delivery, by the token of its picture. */
export function readOpen(token: string, keys: readonly Key[]): string | null {
  const id = verify(token, 'open', keys)?.id ?? '';
  return isId(id) ? id : null;
}

function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
