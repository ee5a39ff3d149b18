// `voronka doctor <domain>`: what a large provider looks at before it takes bulk mail of that domain, what it would find,
// and what to publish. Looks at DNS, at the relay's TLS, and at a message as this installation would send it; changes
// nothing, and needs no ledger. 1 where a large provider would refuse, 3 where the name server does not answer.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import Table from 'cli-table3';
import { emptyPolicy } from '../engine/policy.ts';
import { examineSender, type Sender } from '../mail/doctor/examine.ts';
import type { Finding, Resolver } from '../mail/doctor/finding.ts';
import { probeRelay } from '../mail/doctor/probe.ts';
import { openResolver } from '../mail/doctor/resolver.ts';
import { writeSample } from '../mail/doctor/sample.ts';
import { readZone } from '../mail/doctor/zone.ts';
import { identify } from '../mail/identity.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { publicHalf } from './dkim-key.ts';
import { complaint } from './streams.ts';
import { plainTable } from './tables.ts';

interface Options {
  readonly resolver?: string;
  readonly ip?: string;
  readonly selector?: string;
  readonly json?: boolean;
}

export const doctor = defineCommand<Options>({
  summary: 'look at a sending domain as a large provider would, and say what to publish',
  example: 'voronka doctor acme.example --ip 192.0.2.7 --resolver 1.1.1.1',
  options: (command) =>
    command
      .argument('<domain>', 'the domain of the sender')
      .option('--resolver <server>', 'a name server, or a file of records in zone form: name. TXT "value"')
      .option('--ip <addresses>', 'the addresses that mail leaves from, with commas between')
      .option('--selector <selector>', 'of the DKIM key; without it DKIM_SELECTOR')
      .option('--json', 'as JSON'),
  run: async (options, [named = ''], { env, out, err }) => {
    const config = readConfig(env);
    const domain = readDomain(named);
    const ips = readAddresses(options.ip);
    const resolver = pickResolver(options.resolver);
    err.write(`looking at ${domain} ...\n`);
    const relay = config.smtpUrl;
    const probe = relay === null ? null : await probeRelay(relay, config.smtpName ?? hostname());
    const sender = await describe(config, { domain, ips, selector: options.selector });
    const findings = (await examineSender(sender, resolver, probe)).map((one) => heed(one, config));
    const isRefused = findings.some((one) => one.verdict === 'bad');
    out.write(
      options.json ? `${JSON.stringify({ domain, isRefused, findings }, null, 2)}\n` : tell(findings),
    );
    if (isRefused) return 1;
    return findings.some(isSilent) ? 3 : 0;
  },
});

async function describe(
  config: Config,
  { domain, ips, selector }: { domain: string; ips: readonly string[]; selector: string | undefined },
): Promise<Sender> {
  const { identity, bounceDomain, publicUrl, smtpUrl } = config;
  // A key that signs for another domain says nothing about this one.
  const dkim = (config.dkim?.domain ?? domain) === domain ? config.dkim : null;
  const house = {
    publicUrl: publicUrl ?? 'http://localhost',
    domain,
    bounceDomain,
    keys: [{ id: 'doctor', secret: randomBytes(32).toString('hex') }],
  };
  const from = { name: '', address: `hello@${domain}` };
  const own = identify({ ...identity, from }, emptyPolicy, null);
  return {
    domain,
    bounceDomain: bounceDomain ?? domain,
    selector: selector ?? config.dkimSelector,
    publicKey: dkim && publicHalf(dkim.privateKey),
    ips,
    relay: smtpUrl === null ? 'the mail server' : new URL(smtpUrl).hostname,
    ...(await writeSample({ house, identity: own, dkim }, Date.now())),
  };
}

/** Where this machine is not set up to send, what it would send is not known, and is no fault of the domain. */
function heed(finding: Finding, { publicUrl, smtpUrl }: Config): Finding {
  if (finding.check === 'unsubscribe' && publicUrl === null) {
    const why = 'PUBLIC_URL is not set here, so the links of a message are not known';
    return { ...finding, verdict: 'unknown', why, publish: 'set PUBLIC_URL to an https:// address' };
  }
  if (finding.check === 'tls' && smtpUrl === null) {
    const why = 'SMTP_URL is not set here, so the mail server is not known';
    return { ...finding, why, publish: 'set SMTP_URL, and look again' };
  }
  return finding;
}

/** Published, and yet not known: only a name server that does not answer makes that. */
const published = ['spf', 'dkim', 'dmarc', 'mx'];
const isSilent = ({ check, verdict }: Finding) => verdict === 'unknown' && published.includes(check);

function tell(findings: readonly Finding[]): string {
  const table = new Table({ ...plainTable, head: ['', 'check', 'finding'] });
  for (const { verdict, check, why } of findings) table.push([verdict, check, why]);
  const todo = findings.flatMap(({ check, publish }) => (publish === null ? [] : [`  ${check}: ${publish}`]));
  const bad = findings.filter((one) => one.verdict === 'bad').length;
  const unseen = findings.filter((one) => one.verdict === 'unknown').length;
  const rest = unseen === 0 ? '' : ` ${unseen} of ${findings.length} could not be looked at.`;
  const end = `${bad === 0 ? 'Nothing seen makes a large provider refuse.' : `${bad} of these ${bad === 1 ? 'gets' : 'get'} mail refused.`}${rest}`;
  return [table.toString(), ...(todo.length > 0 ? ['', 'To do:', ...todo] : []), '', `${end}\n`].join('\n');
}

function readDomain(text: string): string {
  const domain = text.toLowerCase().replace(/\.$/, '');
  if (/^[a-z0-9_-]+(\.[a-z0-9-]+)+$/.test(domain)) return domain;
  throw complaint(2, `"${text}" is not a domain; write it as  acme.example`);
}

function readAddresses(text: string | undefined): string[] {
  const ips = (text ?? '').split(/[\s,]+/).filter(Boolean);
  const wrong = ips.find((ip) => isIP(ip) === 0);
  if (wrong !== undefined) throw complaint(2, `--ip takes addresses, as 192.0.2.7, and not "${wrong}"`);
  return ips;
}

function pickResolver(named: string | undefined): Resolver {
  if (named === undefined) return openResolver(null);
  if (existsSync(named)) {
    const { resolver, complaints } = readZone(readFileSync(named, 'utf8'));
    if (complaints.length === 0) return resolver;
    throw complaint(
      2,
      [`${named} cannot be read as records:`, ...complaints.map((one) => `  ${one}`)].join('\n'),
    );
  }
  const server = /^\[([^\]]+)\]|^([^:]+)(?::\d+)?$/.exec(named);
  if (isIP(named) > 0 || isIP(server?.[1] ?? server?.[2] ?? '') > 0) return openResolver(named);
  throw complaint(2, `--resolver names neither a file nor the address of a name server: ${named}`);
}
