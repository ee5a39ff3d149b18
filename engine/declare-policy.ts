// policy.yaml: who writes, in which topics, how often, when, how fast, and what stops it. The environment's MAIL_FROM,
// MAIL_REPLY_TO, MAIL_COMPANY and MAIL_ADDRESS, where they are set, win over what stands here: a staging install sends
// the same files under its own name.
import { z } from 'zod';
import { leastContrast, unreadableOf } from './brand.ts';
import { parseIsoDate } from './civil.ts';
import { defineDeclaration, type Read } from './declaration.ts';
import { readUtm } from './declare-utm.ts';
import type { Report } from './diagnostic.ts';
import {
  type AwakeHours,
  emptyPolicy,
  type Mailbox,
  type Policy,
  type SendingDomain,
  type Topic,
} from './policy.ts';
import { policyShape } from './policy-shape.ts';
import { placeAt, readMs, readRate, readShare, readZone } from './read-values.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import { parseSpans, parseWeekdays } from './weekday.ts';

type Source = z.output<typeof policyShape>;

export const policyDeclaration = defineDeclaration({
  file: 'policy.yaml',
  doc: {
    text: 'Who writes, in which topics, how often, when, how fast, and what stops it. A variable that is set in the environment (MAIL_FROM, MAIL_REPLY_TO, MAIL_COMPANY, MAIL_ADDRESS) wins over this file, for every topic.',
    example:
      "company: { name: Acme, address: 'Example Street 1, 10115 Berlin', zone: Europe/Berlin }\nbrand: { accent: '#2b5cd9', logo: 'https://acme.example/logo.png' }\nsender: { from: Acme <hello@acme.example> }\ndomains:\n  acme.example: { warm_up: { from: 2026-12-01, per_day: [50, 100, 200, 400] } }\ntopics:\n  marketing:\n    name: { en: News and offers, ru: Новости и предложения }\n    text: { en: Acme may write to me about its products., ru: Acme может писать мне о своих продуктах. }\n    double_opt_in: true\n    opens: true\nutm: { source: acme, medium: email, campaign: '{workflow}' }\ncaps: { all: 4 per 7 days }\nquiet_hours: 21:00-08:00\nrates: { gmail.com: 100 per minute }\nsurveys: 1 per 30 days\nconfirm_over: 500\n",
  },
  shape: policyShape,
  read(files, catalogue, report) {
    const file = files[0];
    if (file === undefined) return catalogue;
    for (const other of files.slice(1))
      report('wrong-value', other.root, `${file.root.file} is the policy already`);
    const { zone } = file.source.company;
    const real = zone === undefined ? null : readZone(zone, placeAt(file.root, 'company', 'zone'), report);
    return { ...catalogue, zone: real ?? catalogue.zone, policy: readPolicy(file, report) };
  },
});

function readPolicy({ source, root }: Read<Source>, report: Report): Policy {
  const { sender = {} } = source;
  const at = (...path: string[]) => placeAt(root, ...path);
  const domains = mapValues(source.domains ?? {}, (name, domain) =>
    readDomain(domain, at('domains', name), report),
  );
  const mailbox = (text: string | undefined, place: Located) =>
    text === undefined ? null : readMailbox(text, place, report);
  const from = mailbox(sender.from, at('sender', 'from'));
  checkDomain(from, at('sender', 'from'), domains, report);
  const topics = mapValues(source.topics, (name, topic) => {
    const read = readTopic(topic, at('topics', name), report);
    checkDomain(read.from, at('topics', name, 'from'), domains, report);
    return read;
  });
  return {
    company: { name: source.company.name, address: source.company.address },
    brand: readBrand(source, at('brand'), report),
    sender: { from, replyTo: mailbox(sender.reply_to, at('sender', 'reply_to')) },
    domains,
    topics,
    utm: readUtm(source.utm ?? {}, at('utm'), report),
    caps: readCaps(source.caps ?? {}, root, report),
    awake: readAwake(source, root, report),
    rates: mapValues(source.rates ?? {}, (name, text) => readRate(text, at('rates', name), report)),
    breakers: readBreakers(source, root, report),
    surveys: source.surveys === undefined ? null : readRate(source.surveys, at('surveys'), report),
    confirmOver: source.confirm_over ?? emptyPolicy.confirmOver,
  };
}

function readBrand({ brand = {} }: Source, at: Located, report: Report): Policy['brand'] {
  const read = {
    accent: brand.accent ?? null,
    accentDark: brand.accent_dark ?? null,
    background: brand.background ?? null,
    logo: brand.logo ?? null,
  };
  for (const { key, message, better } of unreadableOf(read))
    report(
      'wrong-value',
      placeAt(at, key),
      message,
      `at least ${leastContrast} is readable: \`${better}\` would be`,
    );
  return read;
}

function mapValues<A, B>(
  values: { readonly [key: string]: A },
  read: (key: string, value: A) => B,
): { readonly [key: string]: B } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, read(key, value)]));
}

function readMailbox(text: string, at: Located, report: Report): Mailbox | null {
  const parts = /^(?:([^"<>]*?)\s*<([^<>\s]+)>|(\S+))$/.exec(text.trim());
  const address = parts?.[2] ?? parts?.[3] ?? '';
  if (z.email().safeParse(address).success) return { name: parts?.[1] ?? '', address };
  report('wrong-value', at, `\`${text}\` is no address`, 'write `Acme <hello@acme.example>`');
  return null;
}

/** Where the sending domains are named, a sender is of one of them. */
function checkDomain(from: Mailbox | null, at: Located, domains: Policy['domains'], report: Report): void {
  const known = Object.keys(domains);
  const domain = from?.address.slice(from.address.lastIndexOf('@') + 1).toLowerCase();
  if (domain !== undefined && known.length > 0 && !known.includes(domain))
    report('wrong-value', at, `\`${domain}\` is none of the domains`, suggest(domain, known));
}

function readTopic(topic: Source['topics'][string], at: Located, report: Report): Topic {
  const textsOf = (texts: typeof topic.name) => (typeof texts === 'string' ? { '*': texts } : texts);
  const mailbox = (key: 'from' | 'reply_to') => {
    const text = topic[key];
    return text === undefined ? null : readMailbox(text, placeAt(at, key), report);
  };
  return {
    name: textsOf(topic.name),
    text: textsOf(topic.text),
    doubleOptIn: topic.double_opt_in ?? false,
    opens: topic.opens ?? false,
    clicks: topic.clicks ?? true,
    isDefault: topic.default ?? false,
    from: mailbox('from'),
    replyTo: mailbox('reply_to'),
    utm: readUtm(topic.utm ?? {}, placeAt(at, 'utm'), report),
  };
}

function readDomain(
  { rate, warm_up }: NonNullable<Source['domains']>[string],
  at: Located,
  report: Report,
): SendingDomain {
  if (warm_up !== undefined && parseIsoDate(warm_up.from) === null)
    report(
      'wrong-value',
      placeAt(at, 'warm_up', 'from'),
      `\`${warm_up.from}\` is no date`,
      'write 2026-12-31',
    );
  return {
    rate: rate === undefined ? null : readRate(rate, placeAt(at, 'rate'), report),
    warmUp: warm_up === undefined ? null : { from: warm_up.from, perDay: warm_up.per_day },
  };
}

function readCaps(caps: NonNullable<Source['caps']>, root: Located, report: Report): Policy['caps'] {
  const topics = [...(root.keys.get('topics')?.value.keys.keys() ?? [])];
  return Object.entries(caps).map(([name, text]) => {
    const key = root.keys.get('caps')?.value.keys.get(name)?.key ?? root;
    if (name !== 'all' && !topics.includes(name))
      report('unknown-topic', key, `there is no topic \`${name}\``, suggest(name, ['all', ...topics]));
    return { ...readRate(text, placeAt(root, 'caps', name), report), topic: name === 'all' ? null : name };
  });
}

/** What the quiet hours and days leave. */
function readAwake({ quiet_hours, quiet_days }: Source, root: Located, report: Report): AwakeHours | null {
  if (quiet_hours === undefined && quiet_days === undefined) return null;
  const quiet = quiet_hours === undefined ? [] : parseSpans(quiet_hours);
  const days = quiet_days === undefined ? [] : parseWeekdays(quiet_days);
  if (quiet === null)
    report(
      'wrong-value',
      placeAt(root, 'quiet_hours'),
      `\`${quiet_hours}\` are no hours`,
      'write 21:00-08:00',
    );
  if (days === null)
    report(
      'wrong-value',
      placeAt(root, 'quiet_days'),
      `\`${quiet_days}\` are no weekdays`,
      'write sunday, or sat-sun',
    );
  const isQuiet = (minute: number) =>
    (quiet ?? []).some(([from, to]) => (minute >= from && minute < to) || minute + 1440 < to);
  const edges = Array.from({ length: 1441 }, (_, minute) => minute).filter(
    (minute) => (minute < 1440 && !isQuiet(minute)) !== (minute > 0 && !isQuiet(minute - 1)),
  );
  const spans = edges.flatMap((from, i) => (i % 2 === 0 ? [[from, edges[i + 1] ?? 1440] as const] : []));
  const awake = [1, 2, 3, 4, 5, 6, 7].filter((day) => !days?.includes(day));
  if (spans.length === 0 || awake.length === 0)
    report(
      'wrong-value',
      placeAt(root, spans.length === 0 ? 'quiet_hours' : 'quiet_days'),
      'no mail could ever leave',
    );
  return Object.fromEntries(awake.map((day) => [day, spans]));
}

function readBreakers({ breakers = {} }: Source, root: Located, report: Report): Policy['breakers'] {
  const { complaints, bounces, windowMs, atLeast } = emptyPolicy.breakers;
  const thresholds = (key: 'complaints' | 'bounces', otherwise: typeof complaints) => {
    const said = breakers[key];
    if (said === undefined) return otherwise;
    const at = placeAt(root, 'breakers', key);
    const warn = readShare(said.warn, placeAt(at, 'warn'), report);
    const pause = readShare(said.pause, placeAt(at, 'pause'), report);
    if (warn > pause) report('wrong-value', placeAt(at, 'warn'), 'it would pause before it warns');
    return { warn, pause };
  };
  return {
    complaints: thresholds('complaints', complaints),
    bounces: thresholds('bounces', bounces),
    windowMs:
      breakers.window === undefined
        ? windowMs
        : readMs(breakers.window, placeAt(root, 'breakers', 'window'), report),
    atLeast: breakers.at_least ?? atLeast,
  };
}
