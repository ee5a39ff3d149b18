// Hashes in pure code: the content hash of a plan, and the draw that stands in for chance. Both are SHA-256, so a plan
// has one name on every machine, and a contact draws the same arm on every replay.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of canonical JSON (keys sorted, undefined left out), in hex. */
export function hashJson(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(value))));
}

/** A number in [0, 1) that depends on the parts alone: uniform, and stable for ever. */
export function draw(...parts: readonly string[]): number {
  const bytes = sha256(utf8ToBytes(parts.join('\u0000')));
  let number = 0;
  for (let i = 0; i < 6; i++) number = number * 256 + (bytes[i] ?? 0);
  return number / 2 ** 48;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
