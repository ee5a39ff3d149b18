// What proves a mail provider's notifications, as the environment gives it: topics of Amazon SNS, SendGrid's public key. A
// complaint never repeats a key.
import { createPublicKey, type KeyObject } from 'node:crypto';

type Read<T> = { readonly value: T } | { readonly problem: string };

/** As SNS shows them. */
export function readTopics(text: string): Read<readonly string[]> {
  const named = text.split(/[\s,]+/).filter(Boolean);
  const at = named.findIndex((one) => !/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(one));
  if (at < 0) return { value: named };
  return {
    problem: `has no topic in place ${at + 1}; write it as  arn:aws:sns:eu-central-1:123456789012:mails`,
  };
}

/** Base64 as SendGrid shows it, or that in PEM. */
export function readEcKey(text: string): Read<KeyObject> {
  const problem = 'is not the verification key that SendGrid shows beside Signed Event Webhook';
  const der = Buffer.from(text.replace(/-----[A-Z ]+-----|\\n|\s/g, ''), 'base64');
  try {
    const value = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return value.asymmetricKeyType === 'ec' ? { value } : { problem };
  } catch {
    return { problem };
  }
}
