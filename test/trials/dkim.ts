// A key that signs, and a resolver that publishes it and nothing else: what a receiver would find in the DNS.
import { generateKeyPairSync } from 'node:crypto';
import type { DkimKey } from '../../mail/transport-mime.ts';

/** mailauth's: the texts of a name. */
export type Resolver = (name: string) => Promise<string[][]>;

export function makeDkim(domain: string): { readonly dkim: DkimKey; readonly resolver: Resolver } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const selector = 'v1';
  const record = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;
  const resolver: Resolver = async (name) => {
    if (name === `${selector}._domainkey.${domain}`) return [[record]];
    throw Object.assign(new Error(`nothing is published under ${name}`), { code: 'ENOTFOUND' });
  };
  return { dkim: { domain: null, selector, privateKey }, resolver };
}
