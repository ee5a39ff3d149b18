// Addresses and names as strangers give them, made fit for an envelope and a header. Nothing here decides whether a
// mailbox exists; it decides what may stand between < and >, and what a keyed hash of an address is taken over.
import { createHmac } from 'node:crypto';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** C0, C1, DEL, line and paragraph separators, bidi controls, zero-width and other invisible format characters. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\p{Cs}]/gu;
const MAX_NAME = 200;

/** One line of text fit for a header: nothing invisible, no line break, at most 200 characters. */
export function cleanLine(text: string, max = MAX_NAME): string {
  const line = text.replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
  return line.length <= max ? line : [...line].slice(0, max).join('').trim();
}

/**
 * Whether an address may stand in an envelope: one @ outside quotes, no control, space, comma, angle bracket, quote
 * or comment. Quoted local parts are refused on purpose: nobody has one, and every parser reads them differently.
 */
export function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || Buffer.byteLength(local) > 64 || Buffer.byteLength(address) > 254) return false;
  if (!/^[^\s\p{Cc}\p{Cf}\p{Cs}"(),:;<>@[\\\]\u2028\u2029]+$/u.test(local)) return false;
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) return false;
  return domain
    .split('.')
    .every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u.test(label));
}

/** A local part outside ASCII goes only where EHLO offers SMTPUTF8; a domain outside ASCII has an ASCII form. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\x20-\x7e]/.test(address.slice(0, address.lastIndexOf('@')));
}

/** The address as one spelling: NFC, lower case. Large providers fold case everywhere; RFC 5321 only allows them to. */
function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/** The keyed hash that suppression is kept under. Its key is never rotated: an old suppression would stop matching. */
export function hashAddress(address: string, key: string): Buffer {
  return createHmac('sha256', key)
    .update(`address\0${normalizeAddress(address)}`)
    .digest();
}

/** What stands behind the @, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
