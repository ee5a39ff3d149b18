// What Amazon SES tells by mail: an SNS topic to which an address is subscribed brings its notifications as JSON in the text.
// It is a stranger's text like every bounce: it counts only where our own signature stands in it.
import { z } from 'zod';
import type { Opened } from './open.ts';
import { type BouncedRecipient, fromStatus } from './recipients.ts';

const text = z.string().catch('');
const named = z.array(z.object({ emailAddress: text, status: text, diagnosticCode: text })).max(50);
const report = z.object({
  notificationType: text,
  eventType: text,
  bounce: z.object({ bounceSubType: text, bouncedRecipients: named }).optional(),
  complaint: z.object({ complaintFeedbackType: text, complainedRecipients: named }).optional(),
  delivery: z.object({ recipients: z.array(z.string()).max(50) }).optional(),
});

interface Told {
  readonly kind: 'bounce' | 'complaint' | 'delivered' | 'none';
  readonly recipients: readonly BouncedRecipient[];
}
const nothing: Told = { kind: 'none', recipients: [] };

/** null: it is not from SNS, or speaks of something else. */
export function readSns({ from, text: body }: Opened): Told | null {
  if (!/@sns\.amazonaws\.com\b/i.test(from)) return null;
  const said = report.safeParse(parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1))).data;
  const { bounce, complaint, delivery } = said ?? {};
  if (bounce !== undefined) return { kind: 'bounce', recipients: bounce.bouncedRecipients.map(failed) };
  if (delivery !== undefined) return { kind: 'delivered', recipients: delivery.recipients.map(delivered) };
  if (complaint === undefined) return null;
  if (/^(?:not-spam|auth-failure)$/.test(complaint.complaintFeedbackType)) return nothing;
  return { kind: 'complaint', recipients: complaint.complainedRecipients.map(complained) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

type Named = z.infer<typeof named>[number];
const failed = ({ emailAddress, status, diagnosticCode }: Named) =>
  fromStatus(
    { address: emailAddress, action: 'failed', status: status || null, diagnostic: diagnosticCode },
    '',
  );
const delivered = (address: string) =>
  fromStatus({ address, action: 'delivered', status: null, diagnostic: '' }, '');
const complained = ({ emailAddress: address }: Named): BouncedRecipient => {
  return { address, status: null, reason: 'spam', hard: false, action: 'complained' };
};
