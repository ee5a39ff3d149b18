// Whose mail came back: identity before content. Our return path (VERP) or our Message-ID, anywhere in the raw mail, with
// a signature that fits. Nothing unsigned is believed: a bounce is a stranger's text, and anybody can write one.
import type { Key } from '../links.ts';
import { readMessageId, readReturnPath } from '../marks.ts';
import type { Opened } from './open.ts';

/** Enough for any honest bounce; a mail of nothing but tokens must not cost a second of HMACs. */
const MOST_TOKENS = 50;

export function findDelivery({ raw, returned, text, statuses }: Opened, keys: readonly Key[]): string | null {
  if (keys.length === 0) return null;
  let looked = 0;
  // Decoded parts too: a returned mail in base64 shows nothing of itself in the raw text.
  for (const where of [raw, returned, text, ...statuses]) {
    for (const [token] of where.matchAll(
      /(?<![a-z0-9.+-])(?:b\+)?[a-z0-9-]{1,40}\.[a-v0-9]{16}@[a-z0-9.-]{1,255}/gi,
    )) {
      looked += 1;
      if (looked > MOST_TOKENS) return null;
      const found = /^b\+/i.test(token)
        ? readReturnPath(token, keys)?.deliveryId
        : readMessageId(token, keys);
      if (found) return found;
    }
  }
  return null;
}
