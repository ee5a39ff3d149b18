// The providers whose notifications are understood, and whose mail a notification is about. Another provider is a file in
// mail/providers/ and a line here. Like a bounce, a notification counts only where our own signature stands in it: the
// provider's proves who speaks, ours of which mail.
import type { Key } from './links.ts';
import { readMessageId, readReturnPath } from './marks.ts';
import { mailgun } from './providers/mailgun.ts';
import { postmark } from './providers/postmark.ts';
import type { Notice, Provider } from './providers/provider.ts';
import { sendgrid } from './providers/sendgrid.ts';
import { ses } from './providers/ses.ts';

export const providers: readonly Provider[] = [ses, sendgrid, postmark, mailgun];

type Notified = Omit<Notice, 'marks'> & { readonly deliveryId: string };

/** Those that are about deliveries of ours. */
export function identifyNotices(notices: readonly Notice[], keys: readonly Key[]): Notified[] {
  return notices.flatMap(({ marks, ...notice }) => {
    const deliveryId = marks.map((mark) => readMark(mark, keys)).find((one) => one !== null);
    return deliveryId === undefined ? [] : [{ ...notice, deliveryId }];
  });
}

function readMark(mark: string, keys: readonly Key[]): string | null {
  // Longer than any mark of ours: not worth a digest.
  if (mark === '' || mark.length > 400) return null;
  return readReturnPath(mark, keys)?.deliveryId ?? readMessageId(mark, keys);
}
