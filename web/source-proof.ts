// Whether a webhook comes from whom it says: by a signature over its body and its age, or by a secret in a header. Pure but
// for the digest; comparisons take as long for a near miss as for any other. Standard Webhooks: standardwebhooks.com.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Signature } from '../engine/source-map.ts';

/** null: it is proved. Else what is wrong, in words for whoever set it up. */
export function findProofFlaw(
  signature: Signature,
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): string | null {
  return proofs[signature.kind](signature, secret, (name) => String(headers[name] ?? ''), body, now);
}

type Proof = (
  signature: Signature,
  secret: string,
  header: (name: string) => string,
  body: Buffer,
  now: number,
) => string | null;

const proofs: { readonly [kind in Signature['kind']]: Proof } = {
  token: ({ header: name, prefix }, secret, header) => equal(header(name), prefix + secret, name),
  basic: (_signature, secret, header) =>
    equal(header('authorization'), `Basic ${Buffer.from(secret).toString('base64')}`, 'authorization'),
  hmac({ header: name, prefix, encoding, timestamp, maxAgeMs }, secret, header, body, now) {
    const at = timestamp === null ? null : header(timestamp);
    const stale = at === null ? null : findAgeFlaw(at, maxAgeMs, now);
    if (stale !== null) return stale;
    const signed = at === null ? [body] : [`${at}.`, body];
    return equal(header(name), prefix + digest(secret, signed).toString(encoding), name);
  },
  'standard-webhooks'({ maxAgeMs }, secret, header, body, now) {
    const [id, at] = [header('webhook-id'), header('webhook-timestamp')];
    const stale = findAgeFlaw(at, maxAgeMs, now);
    if (stale !== null) return stale;
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const wanted = `v1,${digest(key, [`${id}.${at}.`, body]).toString('base64')}`;
    const given = header('webhook-signature').split(' ');
    return given.some((one) => equal(one, wanted, '') === null) ? null : wrong('webhook-signature');
  },
};

function digest(key: string | Buffer, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

function equal(given: string, wanted: string, name: string): string | null {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b) ? null : wrong(name);
}

const wrong = (name: string) => `The header ${name} does not prove that this comes from this source.`;

/** The time of sending in seconds since 1970, within the given age of now, either way. */
function findAgeFlaw(text: string, maxAgeMs: number, now: number): string | null {
  const at = Number(text) * 1000;
  if (!/^\d{1,12}$/.test(text)) return 'The time of sending is not seconds since 1970.';
  return Math.abs(now - at) <= maxAgeMs ? null : 'This was signed too long ago, or lies ahead.';
}
