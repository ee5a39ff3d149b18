// DMARC (RFC 7489): is there a policy, and does what SPF and DKIM prove belong to the same domain as From?
// Large providers ask every bulk sender for a policy, p=none at least.
import { type Finding, good, problem, type Resolver, readTags } from './finding.ts';

/** `domain` is From's; `bounceDomain` is the return path's, on which SPF is judged. */
export async function examineDmarc(
  domain: string,
  bounceDomain: string,
  isSigned: boolean,
  resolver: Resolver,
): Promise<Finding> {
  const name = `_dmarc.${domain}`;
  const parent = domain.split('.').slice(-2).join('.');
  const own = await policies(name, resolver);
  const records = own.length > 0 || parent === domain ? own : await policies(`_dmarc.${parent}`, resolver);
  const suggestion = `${name}. TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@${domain}"`;
  const [record] = records;
  if (record === undefined)
    return problem(
      'dmarc',
      'bad',
      `${name} publishes no policy: large providers refuse bulk mail without one`,
      suggestion,
    );
  if (records.length > 1)
    return problem(
      'dmarc',
      'bad',
      `${records.length} policies: receivers apply none`,
      'leave one',
      records.join(' | '),
    );
  const tags = readTags(record);
  const policy = tags.get('p')?.toLowerCase() ?? '';
  if (!['none', 'quarantine', 'reject'].includes(policy))
    return problem('dmarc', 'bad', `p=${policy || '(missing)'} is no policy`, suggestion, record);
  if (!isSigned && !isAligned(domain, bounceDomain, tags.get('aspf')))
    return problem(
      'dmarc',
      'bad',
      `the return path ${bounceDomain} is not of ${domain}, and no DKIM key signs for it: DMARC fails`,
      `set a return path below ${domain}, or DKIM_KEY_FILE`,
      record,
    );
  if (policy === 'none')
    return problem(
      'dmarc',
      'warn',
      'p=none only watches: forged mail in your name is delivered',
      suggestion,
      record,
    );
  if (!tags.has('rua')) return problem('dmarc', 'warn', 'nobody receives the reports', suggestion, record);
  return good('dmarc', `p=${policy}`, record);
}

const policies = async (name: string, resolver: Resolver) =>
  (await resolver.txt(name)).filter((record) => /^v=DMARC1\s*(;|$)/i.test(record));

/** Section 3.1: strict asks for the same name; relaxed for the same organisation (one is below the other). */
function isAligned(from: string, other: string, mode: string | undefined): boolean {
  if (from === other) return true;
  return mode?.toLowerCase() !== 's' && (other.endsWith(`.${from}`) || from.endsWith(`.${other}`));
}
