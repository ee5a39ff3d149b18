// Environment to Config: once, whole, every complaint at once. An unknown VORONKA_* name is an error, and so is
// a near miss of a name that is not set (REDIS_URI), because what it was meant to change would silently not change.

import { closest, editsBetween } from '../engine/spelling.ts';
import { domainOf } from '../mail/addresses.ts';
import { defaultSender, type SaidIdentity } from '../mail/identity.ts';
import type { ProviderKeys } from '../mail/providers/provider.ts';
import type { DkimKey } from '../mail/transport-mime.ts';
import { type Parsed, type SettingName, settingNames, settings } from './settings.ts';
import { complaint, type Environment } from './streams.ts';

export interface Config {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly smtpUrl: string | null;
  readonly smtpConnections: number;
  readonly smtpName: string | null;
  /** Who writes the mails, as far as the environment says so: the rest is policy.yaml's. */
  readonly identity: SaidIdentity;
  /** Of MAIL_FROM. */
  readonly senderDomain: string;
  readonly bounceDomain: string | null;
  /** Where bounces and replies are taken in; null: nowhere. */
  readonly mailIn: string | null;
  /** What signs the mails; null: nothing does. */
  readonly dkim: DkimKey | null;
  /** Also where the relay signs and not we. */
  readonly dkimSelector: string;
  readonly idempotencyHeader: string | null;
  /** By name; null: mails carry nothing for one. */
  readonly provider: string | null;
  readonly providerKeys: ProviderKeys;
  readonly host: string;
  readonly port: number;
  /** False where the port is the default: then a free one will do in the demo. */
  readonly isPortChosen: boolean;
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  /** Of the programs whose webhooks come in, by the source's name. */
  readonly sourceSecrets: ReadonlyMap<string, string>;
  readonly home: string;
  /** Newest first; the last one keys the suppressions for ever. Null: to be read from or made in the home. */
  readonly secrets: readonly string[] | null;
  /** Newest first; null: made from the secrets. */
  readonly webhookKeys: readonly Buffer[] | null;
  readonly callHosts: readonly string[];
  readonly workflows: string;
  readonly templates: string;
  readonly chromiumPath: string | null;
  readonly logLevel: string;
}

type Value<K extends SettingName> = (typeof settings)[K] extends { parse(text: string): Parsed<infer T> }
  ? T
  : never;

export function readConfig(env: Environment): Config {
  const problems = [...misspelled(env)];
  const value = <K extends SettingName>(name: K): Value<K> | null => {
    const setting = settings[name];
    const text = textOf(env, name) ?? setting.fallback;
    if (text === null) return null;
    const parsed = setting.parse(text) as Parsed<Value<K>>;
    if ('value' in parsed) return parsed.value;
    problems.push(`${name} ${parsed.problem}`);
    return null;
  };
  const from = value('MAIL_FROM');
  const senderDomain = domainOf((from ?? defaultSender).address);
  const config: Config = {
    databaseUrl: value('DATABASE_URL'),
    redisUrl: value('REDIS_URL'),
    smtpUrl: value('SMTP_URL'),
    smtpConnections: value('SMTP_CONNECTIONS') ?? 0,
    smtpName: value('SMTP_NAME'),
    identity: {
      from,
      replyTo: value('MAIL_REPLY_TO'),
      company: value('MAIL_COMPANY'),
      address: value('MAIL_ADDRESS'),
    },
    senderDomain,
    bounceDomain: value('MAIL_BOUNCE_DOMAIN'),
    mailIn: value('MAIL_IN'),
    dkim: dkimOf(
      { key: value('DKIM_KEY'), fromFile: value('DKIM_KEY_FILE') },
      { domain: value('DKIM_DOMAIN'), selector: value('DKIM_SELECTOR') ?? '' },
    ),
    dkimSelector: value('DKIM_SELECTOR') ?? '',
    idempotencyHeader: value('SMTP_IDEMPOTENCY_HEADER'),
    provider: value('MAIL_PROVIDER'),
    providerKeys: providerKeysOf(value),
    trustedProxies: value('TRUSTED_PROXIES') ?? [],
    host: value('HOST') ?? '',
    port: value('PORT') ?? 0,
    isPortChosen: textOf(env, 'PORT') !== null,
    publicUrl: value('PUBLIC_URL')?.replace(/\/+$/, '') ?? null,
    sourceSecrets: value('SOURCE_SECRETS') ?? new Map(),
    home: value('VORONKA_HOME') ?? '',
    secrets: value('VORONKA_SECRET'),
    webhookKeys: value('VORONKA_WEBHOOK_SECRET'),
    callHosts: value('VORONKA_CALL_HOSTS') ?? [],
    workflows: value('VORONKA_WORKFLOWS') ?? '',
    templates: value('VORONKA_TEMPLATES') ?? '',
    chromiumPath: value('CHROMIUM_PATH'),
    logLevel: value('LOG_LEVEL') ?? 'info',
  };
  problems.push(...contradictions(env));
  if (problems.length > 0)
    throw complaint(2, ['The environment needs a look:', ...problems.map((one) => `  ${one}`)].join('\n'));
  return config;
}

type Read = <K extends SettingName>(name: K) => Value<K> | null;

const providerKeysOf = (value: Read): ProviderKeys => ({
  sesTopics: value('SES_TOPICS') ?? [],
  sendgrid: value('SENDGRID_WEBHOOK_KEY'),
  postmark: value('POSTMARK_WEBHOOK_SECRET'),
  mailgun: value('MAILGUN_WEBHOOK_KEY'),
});

function dkimOf(
  { key, fromFile }: { key: string | null; fromFile: string | null },
  { domain, selector }: { domain: string | null; selector: string },
): DkimKey | null {
  const privateKey = key ?? fromFile;
  return privateKey === null ? null : { domain, selector, privateKey };
}

/** Settings that are fine alone and cannot both be meant. */
function* contradictions(env: Environment): Iterable<string> {
  const isSet = (name: SettingName) => textOf(env, name) !== null;
  if (isSet('DKIM_KEY') && isSet('DKIM_KEY_FILE'))
    yield 'DKIM_KEY and DKIM_KEY_FILE are both set; one of them is the key';
  if (isSet('DKIM_DOMAIN') && !isSet('DKIM_KEY') && !isSet('DKIM_KEY_FILE'))
    yield 'DKIM_DOMAIN is set and no key is: set DKIM_KEY_FILE, or unset it';
}

/** An empty variable counts as unset: compose files write `REDIS_URL=` for "none". */
export function textOf(env: Environment, name: SettingName): string | null {
  return env[name]?.trim() || null;
}

function* misspelled(env: Environment): Iterable<string> {
  const known = new Set<string>(settingNames);
  const unset = settingNames.filter((name) => name.length >= 8 && textOf(env, name) === null);
  for (const name of Object.keys(env)) {
    if (known.has(name)) continue;
    // MAIL and SMTP_USER are other programs' names; one slip away from ours is not.
    const slip = unset.find((one) => editsBetween(name, one) === 1) ?? null;
    const meant = name.startsWith('VORONKA_') ? closest(name, known) : slip;
    if (meant !== null) yield `${name} is not known; did you mean ${meant}?`;
    else if (name.startsWith('VORONKA_')) yield `${name} is not known; \`voronka config\` lists what is`;
  }
}
