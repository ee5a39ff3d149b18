// The key that signs mail, as the environment gives it: PEM, in one variable or in a file. RSA alone, because every
// receiver verifies it; 2048 bits at least (RFC 8301). A complaint never repeats any of it.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

type Read = { readonly value: string } | { readonly problem: string };

const leastBits = 2048;

/** PEM as it stands in a variable: line breaks may be written as \n. Answers it as PKCS 8. */
export function readDkimKey(text: string): Read {
  const pem = text.replaceAll('\\n', '\n');
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa')
      return { problem: `holds a key of type ${key.asymmetricKeyType}; DKIM here signs with RSA` };
    if (bits < leastBits)
      return { problem: `holds an RSA key of ${bits} bits; receivers ask for ${leastBits}` };
    return { value: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  } catch (error) {
    // Whatever stands there is somebody's text: that it is no key is an answer, not a fault.
    if (error instanceof Error)
      return { problem: 'holds no private key in PEM; `voronka dkim generate` makes one' };
    throw error;
  }
}

export function readDkimFile(path: string): Read {
  if (!existsSync(path)) return { problem: `names ${path}, which does not exist` };
  try {
    return readDkimKey(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return { problem: `names ${path}, which cannot be read: ${String(error.code)}` };
    throw error;
  }
}

/** What DNS publishes of it: base64 of the public half. */
export function publicHalf(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
}
