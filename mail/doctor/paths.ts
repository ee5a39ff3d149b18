// The ways a message takes: names of the sending addresses, the return path's MX, TLS to the relay, and the
// List-Unsubscribe pair of a sample message (RFC 8058).
import { type Finding, good, problem, type Resolver } from './finding.ts';

/** Forward-confirmed reverse DNS: the address has a name, and the name leads back to the address. */
export async function examinePtr(ips: readonly string[], resolver: Resolver): Promise<Finding> {
  if (ips.length === 0)
    return {
      check: 'ptr',
      verdict: 'unknown',
      why: 'the addresses that mail leaves from are not known',
      found: null,
      publish: 'give the addresses that mail leaves from with --ip',
    };
  const named = await Promise.all(
    ips.map(async (ip) => {
      const names = await resolver.reverse(ip);
      const back = await Promise.all(names.map((name) => resolver.addresses(name)));
      return { ip, names, isConfirmed: back.some((addresses) => addresses.includes(ip)) };
    }),
  );
  const bare = named.find((one) => one.names.length === 0);
  if (bare)
    return problem(
      'ptr',
      'bad',
      `${bare.ip} has no name (PTR)`,
      `ask the owner of ${bare.ip} for a PTR record to the relay's host name`,
    );
  const broken = named.find((one) => !one.isConfirmed);
  if (broken)
    return problem(
      'ptr',
      'bad',
      `${broken.ip} is named ${broken.names.join(', ')}, but that name does not lead back`,
      `${broken.names[0]}. A ${broken.ip}`,
    );
  return good('ptr', named.map((one) => `${one.ip} is ${one.names[0]}`).join(', '));
}

/** Bounces must be able to come back: an MX (RFC 5321, section 5.1), and not a null MX (RFC 7505). */
export async function examineMx(bounceDomain: string, resolver: Resolver): Promise<Finding> {
  const records = await resolver.mx(bounceDomain);
  const publish = `${bounceDomain}. MX 10 <the host that takes bounces>`;
  if (records.length === 0)
    return problem(
      'mx',
      'bad',
      `${bounceDomain} takes no mail, so bounces are lost and large providers refuse`,
      publish,
    );
  if (records.some((mx) => mx.exchange === '' || mx.exchange === '.'))
    return problem('mx', 'bad', `${bounceDomain} says that it takes no mail (null MX)`, publish);
  const reached = await Promise.all(records.map((mx) => resolver.addresses(mx.exchange)));
  const lost = records.find((_, at) => reached[at]?.length === 0);
  if (lost)
    return problem('mx', 'bad', `${lost.exchange} has no address`, `${lost.exchange}. A <its address>`);
  return good('mx', records.map((mx) => mx.exchange).join(', '));
}

/** What the relay offered, as the caller's probe saw it; null where it could not be reached. */
export interface TlsProbe {
  readonly offersTls: boolean;
  /** Why the certificate does not hold; null where it does. */
  readonly certificateFault: string | null;
  readonly protocol: string | null;
}

export function examineTls(relay: string, probe: TlsProbe | null): Finding {
  if (probe === null)
    return {
      check: 'tls',
      verdict: 'unknown',
      why: `${relay} did not answer`,
      found: null,
      publish: 'check SMTP_URL',
    };
  if (!probe.offersTls)
    return problem(
      'tls',
      'bad',
      `${relay} offers no TLS: large providers refuse mail that came in the clear`,
      'use smtps:// or a relay with STARTTLS',
    );
  if (probe.certificateFault)
    return problem(
      'tls',
      'warn',
      `the certificate of ${relay}: ${probe.certificateFault}`,
      'use the name that stands in the certificate',
    );
  return good('tls', `${probe.protocol ?? 'TLS'}, certificate holds`);
}

/** Headers of a sample marketing message, names in lower case; `signed` null: the relay signs, if anybody does. */
export function examineUnsubscribe(
  headers: Readonly<Record<string, string>>,
  signed: readonly string[] | null,
): Finding {
  const list = headers['list-unsubscribe'] ?? '';
  const post = headers['list-unsubscribe-post'] ?? '';
  if (!/<https:\/\//i.test(list))
    return problem(
      'unsubscribe',
      'bad',
      list ? 'List-Unsubscribe has no https: link' : 'List-Unsubscribe is missing',
      'set PUBLIC_URL to an https:// address',
      list || null,
    );
  if (post !== 'List-Unsubscribe=One-Click')
    return problem(
      'unsubscribe',
      'bad',
      'List-Unsubscribe-Post is missing (RFC 8058)',
      'send List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    );
  if (signed === null)
    return problem(
      'unsubscribe',
      'warn',
      'the one-click pair is there, but nothing signs it here (RFC 8058, section 4)',
      'set DKIM_KEY_FILE, or see to it that the relay signs both headers',
    );
  const open = ['list-unsubscribe', 'list-unsubscribe-post'].filter((name) => !signed.includes(name));
  if (open.length > 0)
    return problem(
      'unsubscribe',
      'bad',
      `DKIM does not cover ${open.join(' and ')} (RFC 8058, section 4)`,
      'set DKIM_KEY_FILE',
    );
  return good('unsubscribe', 'the one-click pair, both signed');
}
