// What became of a mail and who looked at it, in words: for a contact's page and for `voronka why`, which tell the same. Pure.
import type { KnownDelivery, KnownHit } from '../db/why.ts';

/** Why an address is not written to. */
export function tellSuppression(reason: string): string {
  return reason === 'erased' ? 'a contact with this address was erased' : reason;
}

/** Why it is as it is; of what has left, what held it up. null: there is nothing to say. */
export function tellReason({ state, why, reply }: KnownDelivery): string | null {
  if (why === null) return reply;
  if (state !== 'sent') return why;
  // The row keeps the reason of its last wait.
  if (why.startsWith('waits ')) return `late: it ${why.replace(/^waits /, 'waited ')}`;
  if (why.startsWith('paused: ')) return `late: it was held back, ${why.slice('paused: '.length)}`;
  return why;
}

/** From here on a mail that has left is said to be late. */
const lateMs = 2 * 60_000;

/** When it was asked for, where it left well after that; null: it did not. */
export function askedAt({ state, createdAt, settledAt }: KnownDelivery): number | null {
  return state === 'sent' && settledAt !== null && settledAt - createdAt > lateMs ? createdAt : null;
}

const kinds: { readonly [is in NonNullable<KnownHit['class']>]: string } = {
  human: 'a person',
  scanner: 'a machine',
  proxy: 'a mail proxy',
  unknown: 'nobody can say who',
};

/** `clicked https://acme.example/prices twice: a machine (asked with HEAD)`. */
export function tellHit({ kind, url, class: by, reasons, times }: KnownHit): string {
  const what = kind === 'open' ? 'opened' : `clicked ${url ?? 'the hidden link'}`;
  const often = times === 1 ? '' : times === 2 ? ' twice' : ` ${times} times`;
  const who = by === null ? 'not judged yet' : kinds[by];
  return `${what}${often}: ${who}${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`;
}
