// `voronka dkim generate`: a key that signs mail, in a file that its owner alone may read, and the record that DNS
// publishes of it. An existing file is never written over: the key that it holds may be signing.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { publicHalf } from './dkim-key.ts';
import { type Setting, settings } from './settings.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly domain?: string;
  readonly selector?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const generate = defineCommand<Options>({
  summary: 'make an RSA key of 2048 bits, and print the DNS record that publishes it',
  example: 'voronka dkim generate --domain acme.example --selector v2026 --out dkim.pem',
  options: (command) =>
    command
      .option('--domain <domain>', "the domain that signs; without it DKIM_DOMAIN, or the sender's")
      .option('--selector <selector>', 'the name of the key; without it DKIM_SELECTOR')
      .option('--out <file>', 'where the key goes; without it VORONKA_HOME/dkim-<selector>.pem')
      .option('--json', 'as JSON'),
  run: async (options, _args, { env, out }) => {
    const { DKIM_DOMAIN: fallbackDomain, DKIM_SELECTOR: fallbackSelector, ...others } = env;
    const config = readConfig(others);
    const domain = named('--domain', options.domain ?? fallbackDomain, settings.DKIM_DOMAIN);
    const selector = named('--selector', options.selector ?? fallbackSelector, settings.DKIM_SELECTOR);
    const made = {
      domain: domain ?? config.senderDomain,
      selector: selector ?? settings.DKIM_SELECTOR.fallback ?? '',
    };
    const file = options.out ?? join(config.home, `dkim-${made.selector}.pem`);
    const record = recordOf(made, keep(file));
    if (options.json) out.write(`${JSON.stringify({ ...made, file, ...record })}\n`);
    else
      out.write(
        [
          `The key is in ${file}; nobody else may read it. Publish this record:`,
          `\n${record.name}. IN TXT ( ${inStrings(record.value)} )\n`,
          'As one text, where a form asks for it:',
          `\n${record.value}\n`,
          `Then set DKIM_KEY_FILE=${file} DKIM_DOMAIN=${made.domain} DKIM_SELECTOR=${made.selector}`,
          `and look: voronka doctor ${made.domain}\n`,
        ].join('\n'),
      );
    return 0;
  },
});

export const dkim = defineCommand({
  summary: 'make the key that signs mail',
  example: 'voronka dkim generate --domain acme.example',
  commands: { generate },
});

function named(option: string, text: string | undefined, { parse }: Setting<string>): string | null {
  if (text === undefined || text === '') return null;
  const parsed = parse(text);
  if ('value' in parsed) return parsed.value;
  throw complaint(2, `${option} ${parsed.problem}`);
}

/** Answers the PEM that was written. */
function keep(file: string): string {
  if (existsSync(file))
    throw complaint(2, `${file} exists already, and its key may be signing: name another with --out.`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}

function recordOf({ domain, selector }: { domain: string; selector: string }, pem: string) {
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${publicHalf(pem)}` };
}

/** A string of a TXT record holds 255 octets (RFC 1035, section 3.3). */
function inStrings(value: string): string {
  return (value.match(/.{1,250}/g) ?? []).map((part) => `"${part}"`).join(' ');
}
