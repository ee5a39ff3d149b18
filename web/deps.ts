// What the web is handed by whoever assembles it. Nothing here is read from the environment, the clock or the disk.

import type { Logger } from 'pino';
import type { Clock, Db } from '../db/connect.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import type { Program } from '../engine/plan.ts';
import type { Catcher } from '../mail/catcher.ts';
import type { Key } from '../mail/links.ts';
import type { ProviderKeys } from '../mail/providers/provider.ts';
import type { FetchText } from './outside.ts';
import type { Rate } from './rate.ts';

export interface WebDeps {
  readonly db: Db;
  /** Business time: the ledger's in production, the fast clock in a demo. */
  readonly clock: Clock;
  /** Monotonic milliseconds of this machine, for rates alone: a fast clock must not fill buckets faster. */
  readonly ticks: () => number;
  /** Says that there is work. Never waited for: the row is the fact, and a sweep catches a lost ring. */
  readonly ring: (queue: 'advance' | 'deliver') => Promise<void>;
  /** Settles once the queue answers. */
  readonly pingQueue: () => Promise<void>;
  /** The keyed hash under which an address is suppressed. */
  readonly hash: (address: string) => Buffer;
  /** Sign the links in mails and the sessions of operators; the first signs, all verify. */
  readonly linkKeys: readonly Key[];
  /** What is applied now: pipelines and declared fields. */
  readonly catalogue: () => Promise<Catalogue>;
  /** By which the webhooks of sources/*.yaml prove themselves, by the source's name. */
  readonly sourceSecrets: ReadonlyMap<string, string>;
  /** By which mail providers prove what they tell of our mails. */
  readonly providerKeys: ProviderKeys;
  /** A page of the outside, asked for by GET. */
  readonly fetchText: FetchText;
  /** What runs now, with the plans of these hashes. */
  readonly program: (pinned: Iterable<string>) => Promise<Program>;
  /** Where mail goes when no SMTP server is configured; its inbox is a page. */
  readonly catcher: Catcher | null;
  /** Who writes the mails, as the pages that they link to name it. */
  readonly company: () => Promise<string>;
  /** How the world reaches this server; https makes cookies secure. */
  readonly publicUrl: string;
  /** Addresses of the proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies: readonly string[];
  readonly log: Logger;
  readonly limits: Limits;
}

export interface Limits {
  readonly bodyBytes: number;
  readonly batch: number;
  /** Per API key, counted in events; any other request counts as one. */
  readonly rate: Rate;
  readonly eventDepth: number;
  readonly eventKeys: number;
  readonly textLength: number;
  /** How far ahead of our clock an event may lie. */
  readonly aheadMs: number;
  /** How long an unsubscribe waits for mails that are on the wire. */
  readonly settleMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  batch: 1_000,
  rate: { perSecond: 2_000, burst: 20_000 },
  eventDepth: 8,
  eventKeys: 200,
  textLength: 10_000,
  aheadMs: 5 * 60_000,
  settleMs: 2_000,
};
