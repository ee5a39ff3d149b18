// A mail that came in, as what it says of one of our deliveries: bounced, complained, delivered, answered, or a wish to
// leave. Identity first: the return path that it was sent to, then our signature in it. What names no delivery of ours by
// signature says nothing, whatever it claims; an automatic answer is no answer.
import { createHash } from 'node:crypto';
import { readBounce } from './bounces.ts';
import type { Key } from './links.ts';
import { readReturnPath } from './marks.ts';
import type { Reason } from './reason-rules.ts';

export interface Report {
  readonly deliveryId: string;
  readonly is: 'bounced' | 'complained' | 'delivered' | 'replied' | 'leaves';
  /** Of the mail's own bytes: the same mail twice is one report. */
  readonly id: string;
  /** Of a bounce; null otherwise. */
  readonly reason: Reason | null;
  /** The address is dead for good. */
  readonly hard: boolean;
}

/** null: nothing that the ledger acts on. `to`: the envelope's recipients, where they are known. */
export async function readIncoming(
  raw: Uint8Array,
  to: readonly string[],
  keys: readonly Key[],
): Promise<Report | null> {
  const paths = to.map((address) => readReturnPath(address, keys)).filter((path) => path !== null);
  const read = await readBounce(raw, keys);
  const deliveryId = paths[0]?.deliveryId ?? read.deliveryId;
  if (deliveryId === null) return null;
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 24);
  const plain = { deliveryId, id, reason: null, hard: false };
  if (paths[0]?.leaves === true) return { ...plain, is: 'leaves' };
  if (read.kind === 'auto-reply') return null;
  if (read.kind === 'complaint') return { ...plain, is: 'complained' };
  if (read.kind === 'delivered') return { ...plain, is: 'delivered' };
  // What comes to a return path and is no bounce is a machine's; a person answers to the sender.
  if (read.kind === 'none') return paths.length > 0 ? null : { ...plain, is: 'replied' };
  const failed = read.recipients.filter((one) => one.action === 'failed');
  const worst = failed.find((one) => one.hard) ?? failed[0];
  // A warning of a delay changes nothing: the server still tries.
  return worst === undefined ? null : { ...plain, is: 'bounced', reason: worst.reason, hard: worst.hard };
}
