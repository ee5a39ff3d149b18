// SPF (RFC 7208): is there exactly one record, does it stay inside ten lookups, and does it let the relay send?
// Macros, `exists` and `ptr` are counted but not evaluated: a record that rests on them is answered with a warning,
// never with a guess.
import { BlockList, isIP } from 'node:net';
import { type Finding, good, problem, type Resolver } from './finding.ts';

/** RFC 7208, section 4.6.4. */
const mostLookups = 10;
const isSpf = (record: string) => /^v=spf1(\s|$)/i.test(record);

interface Walk {
  lookups: number;
  /** Mechanisms that could not be evaluated. */
  readonly unjudged: string[];
  readonly resolver: Resolver;
  readonly ips: readonly string[];
}
type Verdict = 'pass' | 'fail' | 'softfail' | 'neutral';
const qualifiers: Readonly<Record<string, Verdict>> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

interface Read extends Walk {
  readonly record: string;
  readonly verdict: Verdict;
}

/** What can be wrong with the one record; the first that holds is what is said. */
const complaints: readonly {
  readonly verdict: 'warn' | 'bad';
  readonly holds: (read: Read) => boolean;
  readonly why: (read: Read) => string;
  readonly publish: string;
}[] = [
  {
    verdict: 'bad',
    holds: (read) => read.lookups > mostLookups,
    why: (read) => `needs ${read.lookups} lookups, ${mostLookups} are allowed: receivers give up`,
    publish: 'replace includes by ip4: and ip6: terms',
  },
  {
    verdict: 'bad',
    holds: (read) => /\s\+?all(\s|$)/i.test(read.record),
    why: () => 'ends with +all: anybody may send for this domain',
    publish: 'end it with -all',
  },
  {
    verdict: 'bad',
    holds: (read) => read.ips.length > 0 && read.verdict !== 'pass' && read.unjudged.length === 0,
    why: (read) => `does not let ${read.ips.join(', ')} send (${read.verdict})`,
    publish: 'add the relay, as ip4:, ip6: or include:, before the all term',
  },
  {
    verdict: 'warn',
    holds: (read) => read.unjudged.length > 0 && read.verdict !== 'pass',
    why: (read) => `rests on ${read.unjudged.join(', ')}, which cannot be checked from here`,
    publish: 'use ip4:, ip6: or include: terms',
  },
  {
    verdict: 'warn',
    holds: (read) => !/\s([-~?]all|redirect=\S+)(\s|$)/i.test(read.record),
    why: () => 'has no all term, so mail from strangers is answered with neutral',
    publish: 'end it with -all',
  },
];

/** Checks the record of `domain` for mail that leaves from `ips`; without addresses only its form is judged. */
export async function examineSpf(
  domain: string,
  ips: readonly string[],
  resolver: Resolver,
): Promise<Finding> {
  const records = (await resolver.txt(domain)).filter(isSpf);
  const publish = `${domain}. TXT "v=spf1 ${ips.map(asTerm).join(' ') || 'include:<your relay>'} -all"`;
  const [record] = records;
  if (record === undefined)
    return problem(
      'spf',
      'bad',
      `${domain} has no SPF record, so nobody can tell who may send for it`,
      publish,
    );
  if (records.length > 1) {
    const why = `${records.length} SPF records: receivers treat that as an error`;
    return problem('spf', 'bad', why, 'merge them into one', records.join(' | '));
  }
  const walk: Walk = { lookups: 0, unjudged: [], resolver, ips };
  const read: Read = Object.assign(walk, { record, verdict: await evaluate(domain, record, walk) });
  const wrong = complaints.find((complaint) => complaint.holds(read));
  if (wrong) return problem('spf', wrong.verdict, wrong.why(read), wrong.publish, record);
  const sends = ips.length > 0 ? ', lets the relay send' : '';
  return good('spf', `one record, ${read.lookups} of ${mostLookups} lookups${sends}`, record);
}

const asTerm = (ip: string) => `ip${isIP(ip)}:${ip}`;

/** The verdict of one record, first match wins; `include` and `redirect` walk on. */
async function evaluate(domain: string, record: string, walk: Walk): Promise<Verdict> {
  const terms = record.trim().split(/\s+/).slice(1);
  for (const term of terms) {
    const parsed = /^([-+~?]?)([a-z0-9]+)(?:[:](.*?))?(\/\S*)?$/i.exec(term);
    if (!parsed) continue;
    const [, sign = '', name = '', argument, prefix] = parsed;
    if (await matches(name.toLowerCase(), argument ?? domain, prefix ?? '', term, walk))
      return qualifiers[sign || '+'] ?? 'pass';
  }
  const redirect = terms.find((term) => /^redirect=/i.test(term))?.slice('redirect='.length);
  if (redirect === undefined) return 'neutral';
  walk.lookups += 1;
  if (walk.lookups > mostLookups) return 'neutral';
  const next = (await walk.resolver.txt(redirect)).find(isSpf);
  return next === undefined ? 'neutral' : evaluate(redirect, next, walk);
}

async function matches(
  name: string,
  target: string,
  prefix: string,
  term: string,
  walk: Walk,
): Promise<boolean> {
  if (name === 'all') return true;
  if (name === 'ip4' || name === 'ip6') return isWithin(walk.ips, [target + prefix]);
  walk.lookups += 1;
  // Also what ends a record that includes itself.
  if (walk.lookups > mostLookups) return false;
  if (target.includes('%') || name === 'exists' || name === 'ptr') {
    walk.unjudged.push(term);
    return false;
  }
  if (name === 'include') {
    const record = (await walk.resolver.txt(target)).find(isSpf);
    return record !== undefined && (await evaluate(target, record, walk)) === 'pass';
  }
  const hosts = name === 'mx' ? (await walk.resolver.mx(target)).map((mx) => mx.exchange) : [target];
  const found = await Promise.all(hosts.map((host) => walk.resolver.addresses(host)));
  return isWithin(
    walk.ips,
    found.flat().map((ip) => ip + lengthFor(ip, prefix)),
  );
}

/** The dual prefix of `a/24//64` (RFC 7208, section 5.6), for one address: "/24", "/64" or nothing. */
function lengthFor(ip: string, prefix: string): string {
  const [v4 = '', v6 = ''] = prefix.split('//');
  return isIP(ip) === 6 ? v6 && `/${v6}` : v4;
}

/** True when every address lies in one of the networks (`192.0.2.0/24`, `2001:db8::1`). */
function isWithin(ips: readonly string[], networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return ips.length > 0 && ips.every((ip) => list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4'));
}
