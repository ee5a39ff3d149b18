// A page of the outside, for the few addresses that a provider's own rules name. One GET without redirects, bounded in time
// and size. Whoever asks has checked the address; what comes back is not believed, only used.

/** The text of a 2xx; null where the page is not there. Rejects where nobody answers, so that the asker comes again. */
export type FetchText = (url: string) => Promise<string | null>;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

export const fetchText: FetchText = async (url) => {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.status >= 500) throw new Error(`it answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    // Leaving the loop closes the connection.
    if (bytes > MAX_BYTES) return null;
    parts.push(part);
  }
  return answer.ok ? Buffer.concat(parts).toString('utf8') : null;
};
