// A compiled template, the facts about one contact and the marks of one delivery, made into a Message. Pure: the same
// input gives the same bytes, so a retry sends the same mail. Facts are values: they are cleaned, put in, and escaped;
// nothing a contact wrote is parsed as Liquid, as an address list or as a header. Runs once per mail: keep it cheap.
import type { Facts, Json } from '../engine/step.ts';
import { cleanLine, isAddress, type Mailbox, needsSmtpUtf8 } from './addresses.ts';
import { cleaned } from './facts.ts';
import { htmlLiquid, type Parsed, render, textLiquid } from './liquid.ts';
import type { Marks } from './marks.ts';
import type { Message } from './message.ts';
import { tidy } from './plain.ts';
import type { CompiledTemplate } from './template.ts';
import { type TrackedLinks, UNTRACKED } from './tracking.ts';

/** Who writes. `address` is the postal one that commercial mail must show. */
export interface Identity {
  readonly from: Mailbox;
  readonly replyTo: Mailbox | null;
  readonly company: string;
  readonly address: string;
  /** Of List-Id. */
  readonly domain: string;
  /** The https address of a picture; left out: none. */
  readonly logo?: string | null;
}

/** What a mail has beside the facts, by its root: `task`, `survey`; and links of its own beside those to leave. */
export interface OwnParts {
  readonly links: { readonly [name: string]: string };
  readonly [root: string]: Json;
}

export interface Composing {
  readonly template: CompiledTemplate;
  readonly facts: Facts;
  readonly marks: Marks;
  /** Left out: every link leads where its author said. */
  readonly tracked?: TrackedLinks;
  /** What policy.yaml tags links with, `utm_source=acme&...`; tracked links get it when they are followed. Left out: nothing. */
  readonly tags?: string;
  /** Left out: the contact. */
  readonly to?: Mailbox;
  readonly own?: OwnParts;
  readonly identity: Identity;
  readonly delivery: { readonly workflow: string; readonly node: string };
  /** Goes into the Date header. */
  readonly now: number;
}

/** Why nothing can be composed: the contact's address cannot stand in an envelope. */
export interface Unaddressable {
  readonly is: 'unaddressable';
  readonly why: string;
}

export function compose(composing: Composing): Message | Unaddressable {
  const { template, facts, marks, identity, now } = composing;
  const address = composing.to?.address ?? addressOf(facts);
  if (!isAddress(address)) return { is: 'unaddressable', why: 'there is no address that mail can go to' };
  const parsed = parse(template);
  const scope = scopeOf(composing);
  return {
    envelope: { from: marks.returnPath ?? identity.from.address, to: address },
    messageId: marks.messageId,
    from: { name: cleanLine(identity.from.name), address: identity.from.address },
    to: { name: composing.to === undefined ? nameOf(facts) : headLine(composing.to.name), address },
    replyTo: identity.replyTo,
    subject: headLine(render(textLiquid, parsed.subject, scope), 400),
    html: render(htmlLiquid, parsed.html, scope),
    text: tidy(render(textLiquid, parsed.text, scope)),
    at: now,
    headers: headersOf({ ...composing, topic: template.topic }),
    needsSmtpUtf8: needsSmtpUtf8(address),
  };
}

/** As RFC 8058, RFC 2369, RFC 2919 and RFC 3834 ask, and what Gmail's and Microsoft's filters read. */
export function headersOf({
  topic,
  marks,
  identity,
  delivery,
}: Pick<Composing, 'marks' | 'identity' | 'delivery'> & {
  readonly topic: string | null;
}): Message['headers'] {
  const automatic = [
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'X-Auto-Response-Suppress', value: 'All' },
    {
      key: 'Feedback-ID',
      value: `${delivery.node}:${delivery.workflow}:${topic ?? 'transactional'}:voronka`,
    },
    ...[marks.idempotency, marks.provider].filter((one) => one !== null),
  ];
  if (topic === null) return automatic;
  const ways = [marks.unsubscribe, marks.unsubscribeMail].filter((way) => way !== null);
  return [
    { key: 'List-Unsubscribe', value: ways.map((way) => `<${way}>`).join(', ') },
    { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    { key: 'List-Id', value: `<${topic}.${identity.domain}>` },
    { key: 'Precedence', value: 'bulk' },
    ...automatic,
  ];
}

function cleanedOwn({ links: _, ...own }: OwnParts): object {
  return Object.fromEntries(Object.entries(own).map(([root, value]) => [root, cleaned(value)]));
}

function addressOf({ contact }: Facts): string {
  return typeof contact.email === 'string' ? contact.email.trim() : '';
}

/** `=?` begins an encoded word (RFC 2047), and what a contact wrote is never decoded. */
function headLine(text: string, max?: number): string {
  return cleanLine(text, max).replaceAll('=?', '= ?');
}

export function nameOf({ contact }: Facts): string {
  const names = [contact.first_name, contact.last_name].filter((name) => typeof name === 'string');
  return headLine(names.join(' '));
}

function scopeOf(composing: Composing): object {
  const { template, facts, marks, identity, own, tracked = UNTRACKED, tags = '' } = composing;
  return {
    ...(own === undefined ? {} : cleanedOwn(own)),
    contact: cleaned(facts.contact),
    deal: facts.deal === null ? {} : cleaned(facts.deal),
    locale: template.locale === 'default' ? 'en' : template.locale,
    links: {
      unsubscribe: marks.unsubscribe,
      preferences: marks.preferences,
      confirm: marks.confirm,
      ...own?.links,
      ...tracked,
      tags: tags === '' ? {} : { first: `?${tags}`, more: `&${tags}` },
    },
    identity: {
      name: identity.from.name,
      email: identity.from.address,
      replyTo: (identity.replyTo ?? identity.from).address,
      company: identity.company,
      address: identity.address,
      logo: identity.logo ?? '',
    },
  };
}

interface ParsedTemplate {
  readonly subject: Parsed;
  readonly html: Parsed;
  readonly text: Parsed;
}

/** By content hash, so an applied edit is a new entry; bounded, so that a long life of edits does not gather. */
const parsedByHash = new Map<string, ParsedTemplate>();
const MAX_PARSED = 500;

function parse(template: CompiledTemplate): ParsedTemplate {
  const known = parsedByHash.get(template.hash);
  if (known !== undefined) return known;
  const parsed = {
    subject: textLiquid.parse(template.subject),
    html: htmlLiquid.parse(template.html),
    text: textLiquid.parse(template.text),
  };
  if (parsedByHash.size >= MAX_PARSED) parsedByHash.clear();
  parsedByHash.set(template.hash, parsed);
  return parsed;
}
