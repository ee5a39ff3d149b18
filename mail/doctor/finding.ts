// What the doctor says of one thing it looked at, and the names it may look up.
// Promises: a finding that is not good always says what to do; what to publish is a line that can be pasted into DNS.

export type Check = 'spf' | 'dkim' | 'dmarc' | 'ptr' | 'mx' | 'tls' | 'unsubscribe';

export interface Finding {
  readonly check: Check;
  /** bad: a large provider rejects or junks such mail. warn: it costs reputation, or will soon. */
  readonly verdict: 'good' | 'warn' | 'bad' | 'unknown';
  readonly why: string;
  /** The record as found, where one was. */
  readonly found: string | null;
  /** `name TYPE "value"`, or what to change where it is no record. */
  readonly publish: string | null;
}

/** Answers [] where the name or the record does not exist; throws where the question could not be answered. */
export interface Resolver {
  /** Each record with its strings joined. */
  txt(name: string): Promise<readonly string[]>;
  mx(name: string): Promise<readonly { readonly exchange: string; readonly priority: number }[]>;
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<readonly string[]>;
  reverse(ip: string): Promise<readonly string[]>;
}

export const good = (check: Check, why: string, found: string | null = null): Finding => ({
  check,
  verdict: 'good',
  why,
  found,
  publish: null,
});

export const problem = (
  check: Check,
  verdict: 'warn' | 'bad',
  why: string,
  publish: string,
  found: string | null = null,
): Finding => ({ check, verdict, why, found, publish });

/** `v=DKIM1; k=rsa; p=...` to its tags; tag lists as in RFC 6376, section 3.2. */
export function readTags(record: string): ReadonlyMap<string, string> {
  const pairs = record.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]];
  });
  return new Map(pairs);
}
