// Signed tokens: what stands in the links of a mail, in its return path and in its Message-ID. A token names a purpose
// and an id, never an address, and cannot be made without a key. Pure. A token of one purpose never passes for another;
// the first key signs and all verify, so that a key is rotated by putting a new one in front.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** `id` is public, [a-z0-9]{1,8}; the secret has at least 16 characters. */
export interface Key {
  readonly id: string;
  readonly secret: string;
}

export interface Verified {
  readonly id: string;
  /** null: it never ends. Whether it has ended is the caller's question: it knows the time. */
  readonly expiresAt: number | null;
}

const LINK_BYTES = 16;
/** Shorter: the local part of an address must stay under 64 octets. */
const ADDRESS_BYTES = 10;

/** `<key>.<id>.<end, base 36>.<mac>`: URL-safe as it stands. The id is [A-Za-z0-9_:-]+. */
export function sign(purpose: string, id: string, keys: readonly Key[], expiresAt?: number): string {
  if (!/^[A-Za-z0-9_:-]+$/.test(id))
    throw new Error(`A token's id may hold letters, digits, "_", ":" and "-", not ${JSON.stringify(id)}`);
  const key = firstOf(keys);
  const body = `${key.id}.${id}.${expiresAt === undefined ? '' : Math.floor(expiresAt / 1000).toString(36)}`;
  return `${body}.${macOf(key, purpose, body).subarray(0, LINK_BYTES).toString('base64url')}`;
}

/** What the token says, or null where no key of ours signed it for this purpose. */
export function verify(token: string, purpose: string, keys: readonly Key[]): Verified | null {
  const match = /^([a-z0-9]{1,8})\.([A-Za-z0-9_:-]{1,200})\.([a-z0-9]{0,9})\.([A-Za-z0-9_-]{22})$/.exec(
    token,
  );
  if (match === null) return null;
  const [, keyId = '', id = '', end = '', mac = ''] = match;
  const key = keys.find((one) => one.id === keyId);
  if (key === undefined) return null;
  const expected = macOf(key, purpose, `${keyId}.${id}.${end}`).subarray(0, LINK_BYTES);
  const given = Buffer.from(mac, 'base64url');
  // The last character of 22 carries two bits that decode to nothing: without this, four spellings would verify.
  if (given.toString('base64url') !== mac || !timingSafeEqual(given, expected)) return null;
  return { id, expiresAt: end === '' ? null : Number.parseInt(end, 36) * 1000 };
}

/**
 * `<id>.<mac>` in lower case, for the local part of an address (VERP) and for Message-IDs: both come back from
 * strangers, in any case of letters, so a bounce is believed only where the mac fits. The id is [a-z0-9-]+.
 */
export function signAddress(purpose: string, id: string, keys: readonly Key[]): string {
  return `${id}.${addressMac(firstOf(keys), purpose, id)}`;
}

/** The id, or null. Upper case is folded: relays change it. */
export function verifyAddress(local: string, purpose: string, keys: readonly Key[]): string | null {
  const match = /^([a-z0-9-]{1,40})\.([a-v0-9]{16})$/.exec(local.toLowerCase());
  if (match === null) return null;
  const [, id = '', mac = ''] = match;
  const given = Buffer.from(mac);
  return keys.some((key) => timingSafeEqual(given, Buffer.from(addressMac(key, purpose, id)))) ? id : null;
}

function addressMac(key: Key, purpose: string, id: string): string {
  const bytes = macOf(key, purpose, id).subarray(0, ADDRESS_BYTES);
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(32)
    .padStart(16, '0');
}

function macOf(key: Key, purpose: string, body: string): Buffer {
  return createHmac('sha256', key.secret).update(`${purpose}\0${body}`).digest();
}

function firstOf(keys: readonly Key[]): Key {
  const key = keys[0];
  if (key === undefined) throw new Error('No key to sign links with: give at least one');
  return key;
}
