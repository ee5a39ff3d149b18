// What policy.yaml says, as plain data in the catalogue: who writes, in which topics, how often, when, how fast, and what
// stops it. Every rule has one place here, so that the engine, the workers and the pages read the same one. What is not
// said has no rule: an empty policy holds nothing back.

export interface Policy {
  /** null: not said; the environment's, or its default, holds. */
  readonly company: { readonly name: string | null; readonly address: string | null };
  readonly brand: Brand;
  readonly sender: Sender;
  /** The domains that mails are sent from, by name in lower case. */
  readonly domains: { readonly [domain: string]: SendingDomain };
  readonly topics: { readonly [topic: string]: Topic };
  /** On the links of every mail; left out by versions before. */
  readonly utm?: Utm;
  /** At most so many mails to one contact, over all workflows; transactional ones neither count nor wait. */
  readonly caps: readonly Cap[];
  /** All but the quiet hours, in the contact's zone; null: always. Transactional mail goes at once. */
  readonly awake: AwakeHours | null;
  /** By recipient domain, `*` for each of the others. */
  readonly rates: { readonly [domain: string]: Rate };
  readonly breakers: Breakers;
  /** At most so many surveys to one contact. */
  readonly surveys: Rate | null;
  /** `plan` asks for --confirm where more people than this are touched. */
  readonly confirmOver: number;
}

/** Hex colours (`#1a2b3c`); null: the shipped look's own. */
export interface Brand {
  readonly accent: string | null;
  readonly accentDark: string | null;
  readonly background: string | null;
  /** An https address of a picture. */
  readonly logo: string | null;
}

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface Sender {
  readonly from: Mailbox | null;
  readonly replyTo: Mailbox | null;
}

/** Minutes of the local day, [from, to), by weekday (1 is Monday); a day that is not there is quiet. */
export interface AwakeHours {
  readonly [weekday: string]: readonly (readonly [number, number])[];
}

/** So many in so long. */
export interface Rate {
  readonly count: number;
  readonly ms: number;
}

export interface Cap extends Rate {
  /** null: over all topics. */
  readonly topic: string | null;
}

export interface SendingDomain {
  readonly rate: Rate | null;
  readonly warmUp: WarmUp | null;
}

export interface WarmUp {
  /** `YYYY-MM-DD`, in UTC. */
  readonly from: string;
  /** Mails on the first day, the second, and so on; after the last one there is no limit. */
  readonly perDay: readonly number[];
}

export interface Topic extends Sender {
  /** By locale; `*` where the file gives one text for all. */
  readonly name: Texts;
  /** What the contact agrees to, in the words that are shown; the consent log keeps their hash. */
  readonly text: Texts;
  readonly doubleOptIn: boolean;
  readonly opens: boolean;
  readonly clicks: boolean;
  /** Wanted until the contact says no. */
  readonly isDefault: boolean;
  /** Beside those of every mail; left out by versions before. */
  readonly utm?: Utm;
}
/** source, medium, campaign, term, content to what stands behind them; `{workflow}` is filled in (utm.ts). */
export type Utm = { readonly [key: string]: string };
export type Texts = { readonly [locale: string]: string };

export interface Breakers {
  readonly complaints: Thresholds;
  readonly bounces: Thresholds;
  readonly windowMs: number;
  /** Under so many mails in the window nothing is judged. */
  readonly atLeast: number;
}
/** Shares in [0, 1]. */
export interface Thresholds {
  readonly warn: number;
  readonly pause: number;
}

const dayMs = 86_400_000;

export const emptyPolicy: Policy = {
  company: { name: null, address: null },
  brand: { accent: null, accentDark: null, background: null, logo: null },
  sender: { from: null, replyTo: null },
  domains: {},
  topics: {},
  caps: [],
  awake: null,
  rates: {},
  breakers: {
    // Gmail's and Yahoo's own bounds for complaints; for bounces half of, and all of, what Amazon SES reviews at.
    complaints: { warn: 0.001, pause: 0.003 },
    bounces: { warn: 0.025, pause: 0.05 },
    windowMs: 7 * dayMs,
    atLeast: 200,
  },
  surveys: null,
  confirmOver: 1_000,
};

/** Who writes mail of this topic (null: transactional): the topic's own sender before the company's. */
export function senderOf({ sender, topics }: Policy, topic: string | null): Sender {
  const own = topic === null || !Object.hasOwn(topics, topic) ? undefined : topics[topic];
  return { from: own?.from ?? sender.from, replyTo: own?.replyTo ?? sender.replyTo };
}

/** A text in the contact's language: `de-AT`, `de`, then the one for all, `en`, or the first there is. */
export function textIn(texts: Texts, locale: string | null): string | null {
  const wanted = (locale ?? '').replace('_', '-').toLowerCase();
  const by = new Map(Object.entries(texts).map(([key, text]) => [key.toLowerCase(), text]));
  const chain = [wanted, wanted.split('-')[0] ?? '', '*', 'en'];
  return chain.map((key) => by.get(key)).find((text) => text !== undefined) ?? [...by.values()][0] ?? null;
}
