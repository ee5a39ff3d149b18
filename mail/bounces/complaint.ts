// Complaints: a reader pressed "spam" and the provider tells the sender (RFC 5965, ARF; Microsoft's JMRP before it).
// Reports about authentication (RFC 6591) and "not spam" are no complaints.
import type { Opened } from './open.ts';
import { returnedTo } from './prose.ts';

/** The addresses that complained (none where the provider hides them), or null where it is no complaint. */
export function readComplaint(opened: Opened, own: ReadonlySet<string>): string[] | null {
  const { headers, subject, from } = opened;
  const feedback = opened.feedback ?? strayFeedback(opened);
  const isJmrp =
    feedback === null && /staff@hotmail\.com/i.test(from) && /complaint about message/i.test(subject);
  if (feedback === null && !isJmrp) return null;
  const fields = (feedback ?? '').replace(/\n[ \t]+/g, ' ');
  const all = (name: string) =>
    [...fields.matchAll(new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'gim'))].map(
      (match) => match[1]?.trim() ?? '',
    );
  const type = all('feedback-type')[0]?.toLowerCase() ?? 'abuse';
  if (['not-spam', 'auth-failure', 'dmarc'].includes(type)) return null;
  const named = [
    ...all('original-rcpt-to'),
    ...all('removal-recipient'),
    ...(headers.get('x-hmxmroriginalrecipient') ?? []),
  ];
  const addresses = named.flatMap((one) => /[^\s<>,;@]{1,64}@[^\s<>,;@]{1,255}/.exec(one)?.[0] ?? []);
  const isShown = (one: string) => !/redacted/i.test(one);
  const returned = returnedTo(opened, own);
  const found = addresses.some(isShown) ? addresses : returned === null ? [] : [returned];
  return [...new Set(found.filter(isShown))];
}

/** Where the MIME around it is broken, the fields still stand in the raw mail. */
function strayFeedback({ headers, raw }: Opened): string | null {
  const isReport = /report-type="?feedback-report/i.test(headers.get('content-type')?.[0] ?? '');
  const at = isReport ? raw.search(/^feedback-type[ \t]*:/im) : -1;
  return at < 0 ? null : raw.slice(at, at + 5_000);
}
