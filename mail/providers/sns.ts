// Amazon SNS, which brings what SES has to say: its envelope, its signature (versions 1 and 2), and which addresses are
// Amazon's own. The certificate's address stands in the message itself, so it is believed only at SNS's host of the
// topic's region, under the name that Amazon gives its certificates; the topic itself must be one that was configured.
import { createVerify } from 'node:crypto';
import { z } from 'zod';
import { type Call, type FindCertificate, findAgeFlaw, type Proof, proved, refused } from './provider.ts';

const envelope = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().max(200),
  TopicArn: z.string().max(300),
  Message: z.string(),
  Subject: z.string().nullish(),
  Timestamp: z.string().max(40),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().max(2_000),
  SigningCertURL: z.string().max(500),
  SubscribeURL: z.string().max(2_000).optional(),
  Token: z.string().max(2_000).optional(),
});
export type Envelope = z.infer<typeof envelope>;

/** SNS repeats for an hour at most, and the time in it stays that of the first try. */
const MAX_AGE_MS = 65 * 60_000;
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;
const DIGEST = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

export function readEnvelope(call: Call): Envelope | null {
  const read = envelope.safeParse(call.json());
  return read.success ? read.data : null;
}

export async function proveEnvelope(
  call: Call,
  topics: readonly string[],
  find: FindCertificate,
): Promise<Proof> {
  const message = readEnvelope(call);
  if (message === null)
    return refused(
      'This is no signed message of Amazon SNS. Raw message delivery must be off: it takes the signature away.',
    );
  if (!topics.includes(message.TopicArn)) return refused('SES_TOPICS does not name this topic.');
  const stale = findAgeFlaw(Date.parse(message.Timestamp), call.now, MAX_AGE_MS);
  if (stale !== null) return refused(stale);
  if (!isCertificate(message)) return refused('The certificate is not at an address of Amazon SNS.');
  const key = await find(message.SigningCertURL);
  if (key === null) return refused('There is no certificate at the address that the message names.');
  const verify = createVerify(DIGEST[message.SignatureVersion]).update(signedText(message));
  return verify.verify(key, message.Signature, 'base64')
    ? proved
    : refused('The signature does not prove that this comes from Amazon SNS.');
}

/** As Amazon documents it: names and values in turn, each on a line, in the order of the alphabet. */
export function signedText(message: Envelope): string {
  const lines = SIGNED[message.Type].flatMap((name) => {
    const value = message[name];
    return value === undefined || value === null ? [] : [name, value];
  });
  return lines.map((one) => `${one}\n`).join('');
}

/** Where a subscription is confirmed; null where that is no address of SNS. */
export function confirmation(message: Envelope): string | null {
  const { Type: type, SubscribeURL: address } = message;
  if (type !== 'SubscriptionConfirmation' || address === undefined || !isAmazons(address, message))
    return null;
  const { pathname, searchParams } = new URL(address);
  return pathname === '/' && searchParams.get('Action') === 'ConfirmSubscription' ? address : null;
}

function isCertificate(message: Envelope): boolean {
  const address = message.SigningCertURL;
  return isAmazons(address, message) && /^\/[\w-]{1,120}\.pem$/.test(new URL(address).pathname);
}

/** https at SNS's host of the region in which the topic is; no port, no user, no fragment. */
function isAmazons(address: string, { TopicArn: topic }: Envelope): boolean {
  const [, region = ''] = /^arn:aws[a-z-]*:sns:([a-z0-9-]{3,30}):\d{12}:[\w.-]{1,256}$/.exec(topic) ?? [];
  if (region === '' || !URL.canParse(address)) return false;
  const { protocol, host, username, password, hash } = new URL(address);
  return (
    protocol === 'https:' && host === `sns.${region}.amazonaws.com` && `${username}${password}${hash}` === ''
  );
}
