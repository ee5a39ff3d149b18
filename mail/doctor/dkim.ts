// DKIM (RFC 6376): does the selector publish a key that receivers accept, and is it the key that signs here?
// RFC 8301: RSA below 1024 bits is ignored by receivers, 2048 is what to use.
import { createPublicKey } from 'node:crypto';
import { type Finding, good, problem, type Resolver, readTags } from './finding.ts';

/** `publicKey`: base64 of the signing key's public half, where this installation signs; null where it does not. */
export async function examineDkim(
  domain: string,
  selector: string,
  publicKey: string | null,
  resolver: Resolver,
): Promise<Finding> {
  const name = `${selector}._domainkey.${domain}`;
  const suggestion = publicKey
    ? `${name}. TXT "v=DKIM1; k=rsa; p=${publicKey}"`
    : `run "voronka dkim generate --domain ${domain} --selector ${selector}", publish what it prints, and set DKIM_KEY_FILE`;
  const records = await resolver.txt(name);
  const [record] = records;
  if (record === undefined) return problem('dkim', 'bad', `${name} publishes no key`, suggestion);
  if (records.length > 1)
    return problem(
      'dkim',
      'bad',
      `${name} publishes ${records.length} records`,
      'leave one',
      records.join(' | '),
    );
  const tags = readTags(record);
  const key = (tags.get('p') ?? '').replace(/\s/g, '');
  if (key === '')
    return problem('dkim', 'bad', `the key of ${name} is revoked (p= is empty)`, suggestion, record);
  if (publicKey !== null && key !== publicKey)
    return problem(
      'dkim',
      'bad',
      `${name} publishes another key than the one that signs here`,
      suggestion,
      record,
    );
  const bits = sizeOf(key, tags.get('k') ?? 'rsa');
  if (bits === null) return problem('dkim', 'bad', `the key of ${name} cannot be read`, suggestion, record);
  if (bits < 1024) return problem('dkim', 'bad', `an RSA key of ${bits} bits is ignored`, suggestion, record);
  if (bits < 2048 && tags.get('k') !== 'ed25519')
    return problem(
      'dkim',
      'warn',
      `an RSA key of ${bits} bits: 2048 is what receivers ask for`,
      suggestion,
      record,
    );
  if (/(^|:)y(:|$)/.test(tags.get('t') ?? ''))
    return problem(
      'dkim',
      'warn',
      'the record says t=y (testing): receivers may ignore it',
      'remove t=y',
      record,
    );
  return good('dkim', `selector ${selector}, ${tags.get('k') ?? 'rsa'} of ${bits} bits`, record);
}

/** Bits of the modulus; 2048-equivalents are not guessed: ed25519 answers 256. null where it is no key. */
function sizeOf(key: string, kind: string): number | null {
  if (kind === 'ed25519') return Buffer.from(key, 'base64').length === 32 ? 256 : null;
  try {
    const read = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return read.asymmetricKeyDetails?.modulusLength ?? null;
  } catch (error) {
    // Whatever the record holds, it is somebody's text: unreadable is an answer, not a fault.
    if (error instanceof Error) return null;
    throw error;
  }
}
