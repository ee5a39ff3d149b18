// Keys from secrets: one family signs links, one hashes addresses for the suppression list. Unset, a secret is made
// once and kept in the home, readable by its owner alone. Rotation puts a new secret in front: it signs from then on
// and the older ones still verify. Suppressions stay hashed with the last, because a hash cannot be hashed anew.
import { hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashAddress } from '../mail/addresses.ts';
import type { Key } from '../mail/links.ts';

export interface Secrets {
  readonly links: readonly Key[];
  /** What calls are signed with, newest first: 32 bytes each. */
  readonly webhooks: readonly Buffer[];
  /** What suppression is kept under: 32 bytes. */
  hashAddress(address: string): Buffer;
  /** Names the key of the suppressions without giving it away; two ledgers' processes must agree on it. */
  readonly print: string;
}

export function deriveSecrets(secrets: readonly string[]): Secrets {
  const oldest = secrets.at(-1);
  if (oldest === undefined) throw new Error('there is no secret to derive keys from');
  const addressKey = derive(oldest, 'addresses').toString('hex');
  return {
    links: secrets.map((secret) => ({
      id: derive(secret, 'name').toString('hex').slice(0, 8),
      secret: derive(secret, 'links').toString('hex'),
    })),
    webhooks: secrets.map((secret) => derive(secret, 'webhooks')),
    hashAddress: (address) => hashAddress(address, addressKey),
    print: derive(oldest, 'print').toString('hex').slice(0, 16),
  };
}

function derive(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'voronka', use, 32));
}

/** The secret kept in the home; made at the first call. */
export function keepSecret(home: string): string {
  const path = join(home, 'secret');
  if (!existsSync(path)) {
    // The server in it runs as another user, who has to pass through; nobody else has to look around.
    mkdirSync(home, { recursive: true, mode: 0o711 });
    writeFileSync(path, `${newSecret()}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  return readFileSync(path, 'utf8').trim();
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}
