// The certificates that notifications name, fetched once and kept. Only addresses that were found to be the provider's own
// come here; how many of them a stranger can make us fetch is bounded all the same.
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { FindCertificate } from '../mail/providers/provider.ts';
import type { WebDeps } from './deps.ts';
import { problem, tooMany } from './errors.ts';
import { createBuckets } from './rate.ts';

/** A provider changes its certificate about once a year. */
const MOST_KEPT = 20;
const rate = { perSecond: 0.1, burst: 10 };

export function createCertificates({ fetchText, ticks, log }: WebDeps): FindCertificate {
  const buckets = createBuckets(rate, ticks);
  const kept = new Map<string, KeyObject>();

  async function fetchKey(url: string): Promise<KeyObject | null> {
    let text: string | null;
    try {
      text = await fetchText(url);
    } catch (error) {
      log.warn(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'a certificate could not be fetched',
      );
      throw unreachable();
    }
    return text === null ? null : readKey(text);
  }

  return async (url) => {
    const known = kept.get(url);
    if (known !== undefined) return known;
    const waitMs = buckets.take('certificates');
    if (waitMs > 0) throw tooMany(waitMs);
    const key = await fetchKey(url);
    if (key === null) return null;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(url, key);
    return key;
  };
}

/** 429 and not 5xx: providers repeat after both, and it is no fault of ours. */
export function unreachable(): Error {
  return problem(429, 'The provider itself cannot be reached at the moment. Try again in a minute.', {
    headers: { 'retry-after': '60' },
  });
}

function readKey(text: string): KeyObject | null {
  try {
    return new X509Certificate(text).publicKey;
  } catch {
    return null;
  }
}
