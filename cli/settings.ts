// The environment's vocabulary: every variable with its default, its meaning and its parser. `voronka config`
// prints this table, `readConfig` walks it, README.md repeats it (a test compares them). A parser answers a
// problem as a value, so that every complaint is made at once; problems never repeat a value that may be secret.

import { isIP } from 'node:net';
import { isAddress, type Mailbox } from '../mail/addresses.ts';
import { providers } from '../mail/providers.ts';
import { readDkimFile, readDkimKey } from './dkim-key.ts';
import { readEcKey, readTopics } from './provider-keys.ts';

export type Parsed<T> = { readonly value: T } | { readonly problem: string };

export interface Setting<T> {
  readonly fallback: string | null;
  readonly text: string;
  readonly isSecret: boolean;
  parse(text: string): Parsed<T>;
}

const setting = <T>(
  fallback: string | null,
  text: string,
  parse: (text: string) => Parsed<T>,
): Setting<T> => ({
  fallback,
  text,
  isSecret: false,
  parse,
});
const secret = <T>(one: Setting<T>): Setting<T> => ({ ...one, isSecret: true });

const url =
  (...schemes: string[]) =>
  (text: string): Parsed<string> =>
    schemes.some((scheme) => text.startsWith(`${scheme}://`) && text.length > scheme.length + 3)
      ? { value: text }
      : {
          problem: `is not an address of the form ${schemes.map((scheme) => `${scheme}://...`).join(' or ')}`,
        };

const count =
  (least: number, most: number) =>
  (text: string): Parsed<number> =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
      ? { value: Number(text) }
      : { problem: `"${text}" is not a whole number from ${least} to ${most}` };

const oneOf =
  <T extends string>(...words: T[]) =>
  (text: string): Parsed<T> => {
    const word = words.find((known) => known === text);
    return word === undefined ? { problem: `"${text}" is not one of ${words.join(', ')}` } : { value: word };
  };

/** Addresses and networks, and the names that stand for the private ones. */
function proxies(text: string): Parsed<readonly string[]> {
  const named = ['loopback', 'linklocal', 'uniquelocal'];
  const value = text.split(/[\s,]+/).filter(Boolean);
  const wrong = value.find((one) => !named.includes(one) && !isNetwork(one));
  return wrong === undefined
    ? { value }
    : {
        problem: `"${wrong}" is no address or network; write  10.0.0.7, 10.1.0.0/16  or ${named.join(', ')}`,
      };
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const widest = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 && (bits === undefined ? widest > 0 : /^\d+$/.test(bits) && Number(bits) <= widest)
  );
}

const domain = (text: string): Parsed<string> =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)
    ? { value: text.toLowerCase() }
    : { problem: `"${text}" is not a domain; write it as  mail.acme.example` };

const label = (text: string): Parsed<string> =>
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text) && text.length <= 63
    ? { value: text.toLowerCase() }
    : { problem: `"${text}" is not a selector; write letters, digits and hyphens, as in  v2026` };

const header = (text: string): Parsed<string> =>
  /^[A-Za-z][A-Za-z0-9-]{1,60}$/.test(text)
    ? { value: text }
    : { problem: `"${text}" is not a header's name; write it as  X-Idempotency-Key` };

function listening(text: string): Parsed<string> {
  return /^(?:smtp|lmtp):\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}$/i.test(text)
    ? { value: text }
    : { problem: `"${text}" is no place to listen; write it as  smtp://127.0.0.1:2525` };
}

const longText = (text: string): Parsed<string> =>
  text.length >= 8 ? { value: text } : { problem: 'is under 8 characters' };

const anyText = (text: string): Parsed<string> => ({ value: text });

/** `Acme <hello@acme.example>` or a bare address. */
function mailbox(text: string): Parsed<Mailbox> {
  const parts = /^\s*(?:"?([^"<>\r\n]*?)"?\s*<([^<>\s]+@[^<>\s]+)>|([^<>\s@]+@[^<>\s@]+))\s*$/.exec(text);
  const address = parts?.[2] ?? parts?.[3] ?? '';
  if (!parts || !isAddress(address))
    return { problem: `"${text}" is not an address; write it as  Acme <hello@acme.example>` };
  return { value: { name: parts[1] ?? '', address } };
}

function secrets(text: string): Parsed<readonly string[]> {
  const keys = text.split(',').map((key) => key.trim());
  if (keys.some((key) => key.length < 32))
    return { problem: 'has a key of under 32 characters; make one with  openssl rand -hex 32' };
  return { value: keys };
}

/** `host` or `host:port`, as an address holds them. */
function hosts(text: string): Parsed<readonly string[]> {
  const named = text.split(/[\s,]+/).filter(Boolean);
  const wrong = named.find((one) => !URL.canParse(`http://${one}`) || new URL(`http://${one}`).host !== one);
  if (wrong === undefined) return { value: named };
  return { problem: `"${wrong}" is no host; write crm.internal or crm.internal:8080, in lower case` };
}

/** As Standard Webhooks write it: 24 to 64 bytes. */
function webhookKeys(text: string): Parsed<readonly Buffer[]> {
  const keys = text.split(',').map((key) => Buffer.from(key.trim().replace(/^whsec_/, ''), 'base64'));
  if (keys.some((key) => key.length < 24 || key.length > 64))
    return { problem: 'has a key that is not whsec_ and 24 to 64 bytes in base64' };
  return { value: keys };
}

function namedSecrets(text: string): Parsed<ReadonlyMap<string, string>> {
  const pairs = text.split(/\s+/).filter(Boolean);
  const at = pairs.findIndex((pair) => !/^[a-z][a-z0-9-]*=.{8,}$/.test(pair));
  if (at >= 0) return { problem: `has no name=secret (of 8 characters or more) in place ${at + 1}` };
  const cut = (pair: string): [string, string] => [
    pair.slice(0, pair.indexOf('=')),
    pair.slice(pair.indexOf('=') + 1),
  ];
  return { value: new Map(pairs.map(cut)) };
}

export const settings = {
  DATABASE_URL: secret(
    setting(
      null,
      'the ledger, a Postgres; unset: one of our own in VORONKA_HOME',
      url('postgres', 'postgresql'),
    ),
  ),
  REDIS_URL: secret(
    setting(
      null,
      'the doorbell, a Redis; unset: the ledger rings its own',
      url('redis', 'rediss', 'redis+sentinel', 'rediss+sentinel', 'redis+cluster', 'rediss+cluster'),
    ),
  ),
  SMTP_URL: secret(
    setting(
      null,
      'the mail server; unset: a catcher in the process, with an inbox page',
      url('smtp', 'smtps'),
    ),
  ),
  SMTP_CONNECTIONS: setting('5', 'connections to the mail server, per process', count(1, 100)),
  SMTP_NAME: setting(null, "the name said in EHLO; unset: this machine's", anyText),
  MAIL_FROM: setting(null, 'the sender of every mail; unset: as policy.yaml says', mailbox),
  MAIL_REPLY_TO: setting(null, 'where replies go; unset: as policy.yaml says, else to the sender', mailbox),
  MAIL_COMPANY: setting(null, "the company's name in mails and pages; unset: policy.yaml's", anyText),
  MAIL_ADDRESS: setting(
    null,
    "the company's postal address, which commercial mail must show; unset: policy.yaml's",
    anyText,
  ),
  MAIL_BOUNCE_DOMAIN: setting(
    null,
    'where bounces return to, marked; unset: to the sender, unmarked',
    domain,
  ),
  DKIM_KEY: secret(
    setting(null, 'the key that signs mail, RSA in PEM (line breaks as \\n); unset: unsigned', readDkimKey),
  ),
  DKIM_KEY_FILE: setting(
    null,
    'or the file with that key, as `voronka dkim generate` makes it',
    readDkimFile,
  ),
  DKIM_DOMAIN: setting(null, "the domain that signs; unset: the sender's", domain),
  DKIM_SELECTOR: setting('voronka', 'which of its keys: <selector>._domainkey.<domain>', label),
  SMTP_IDEMPOTENCY_HEADER: setting(
    null,
    'a header by which the mail server knows a message it already has; unset: none',
    header,
  ),
  MAIL_IN: setting(
    null,
    'where bounces and replies are taken in, smtp://127.0.0.1:2525 or lmtp://...; unset: nowhere',
    listening,
  ),
  MAIL_PROVIDER: setting(
    null,
    `who is behind SMTP_URL (${providers.map(({ name }) => name).join(', ')}): mails carry what its webhooks give back; unset: nothing`,
    oneOf(...providers.map(({ name }) => name)),
  ),
  SES_TOPICS: setting(
    '',
    'the SNS topics, by ARN, whose notices of Amazon SES are taken at /v1/mail/ses',
    readTopics,
  ),
  SENDGRID_WEBHOOK_KEY: setting(
    null,
    'the verification key of Signed Event Webhook, for /v1/mail/sendgrid; unset: not taken',
    readEcKey,
  ),
  POSTMARK_WEBHOOK_SECRET: secret(
    setting(
      null,
      'user:password of the webhook address, or the text of its header X-Webhook-Token, for /v1/mail/postmark; unset: not taken',
      longText,
    ),
  ),
  MAILGUN_WEBHOOK_KEY: secret(
    setting(null, 'the HTTP webhook signing key, for /v1/mail/mailgun; unset: not taken', longText),
  ),
  HOST: setting('127.0.0.1', 'the address to listen on', anyText),
  PORT: setting('3000', 'the port to listen on; 0 takes a free one', count(0, 65_535)),
  TRUSTED_PROXIES: setting('', 'addresses of the proxies whose X-Forwarded-For is believed', proxies),
  PUBLIC_URL: setting(null, 'how mails link back here; unset: http://HOST:PORT', url('http', 'https')),
  SOURCE_SECRETS: secret(
    setting('', 'the secrets of sources/*.yaml: name=secret, separated by spaces', namedSecrets),
  ),
  VORONKA_HOME: setting('.voronka', 'the data folder: own Postgres, own secret', anyText),
  VORONKA_SECRET: secret(
    setting(
      null,
      'keys for links and suppressions: new,old; unset: made once, kept in VORONKA_HOME',
      secrets,
    ),
  ),
  VORONKA_WEBHOOK_SECRET: secret(
    setting(
      null,
      'what signs calls, whsec_<base64>: new,old; unset: made from VORONKA_SECRET, see `voronka key webhook`',
      webhookKeys,
    ),
  ),
  VORONKA_CALL_HOSTS: setting(
    '',
    'hosts (crm.internal:8080) that `call` may reach on private addresses and without https',
    hosts,
  ),
  VORONKA_WORKFLOWS: setting('workflows', 'the folder of workflows and what stands beside them', anyText),
  VORONKA_TEMPLATES: setting('templates', 'the folder of mail templates', anyText),
  CHROMIUM_PATH: setting(
    null,
    'the browser that takes pictures of previews; unset: looked for in the usual places',
    anyText,
  ),
  LOG_LEVEL: setting(
    'info',
    'trace, debug, info, warn, error or silent',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  ),
};

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];
