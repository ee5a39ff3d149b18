// All that a large provider looks at before it takes bulk mail of a domain, asked at once.
// Promises: every check answers, in the order of this list; a name server that does not answer makes a check
// unknown, never good.
import { examineDkim } from './dkim.ts';
import { examineDmarc } from './dmarc.ts';
import type { Check, Finding, Resolver } from './finding.ts';
import { examineMx, examinePtr, examineTls, examineUnsubscribe, type TlsProbe } from './paths.ts';
import { examineSpf } from './spf.ts';

export interface Sender {
  /** Of From. */
  readonly domain: string;
  /** Of the return path; SPF is judged on it. */
  readonly bounceDomain: string;
  readonly selector: string;
  /** Base64 of the signing key's public half; null where this installation does not sign. */
  readonly publicKey: string | null;
  /** Addresses that mail leaves from. */
  readonly ips: readonly string[];
  /** Host of the relay. */
  readonly relay: string;
  /** Headers of a sample marketing message, names in lower case; and which of them are signed, null where none is here. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signed: readonly string[] | null;
}

export async function examineSender(
  sender: Sender,
  resolver: Resolver,
  probe: TlsProbe | null,
): Promise<Finding[]> {
  const { domain, bounceDomain, selector, publicKey, ips } = sender;
  return Promise.all([
    answered('spf', examineSpf(bounceDomain, ips, resolver)),
    answered('dkim', examineDkim(domain, selector, publicKey, resolver)),
    answered('dmarc', examineDmarc(domain, bounceDomain, publicKey !== null, resolver)),
    answered('ptr', examinePtr(ips, resolver)),
    answered('mx', examineMx(bounceDomain, resolver)),
    examineTls(sender.relay, probe),
    examineUnsubscribe(sender.headers, sender.signed),
  ]);
}

/** A resolver's fault becomes that check's finding, so that one silent server does not hide the other answers. */
async function answered(check: Check, finding: Promise<Finding>): Promise<Finding> {
  return finding.catch((error: unknown) => ({
    check,
    verdict: 'unknown' as const,
    why: `the name server did not answer: ${error instanceof Error ? error.message : String(error)}`,
    found: null,
    publish: 'try again, or name another server with --resolver',
  }));
}
