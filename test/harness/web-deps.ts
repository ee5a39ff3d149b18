// What the web is handed in tests and trials: rings are noted instead of rung, and the clock stands still until it is set.
import { type Logger, pino } from 'pino';
import type { Db } from '../../db/connect.ts';
import { createKey } from '../../db/keys.ts';
import { type Catalogue, emptyCatalogue } from '../../engine/catalogue.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { link } from '../../engine/link.ts';
import type { Key } from '../../mail/links.ts';
import { defaultLimits, type Limits, type WebDeps } from '../../web/deps.ts';
import { hash, monday, sales } from './factories.ts';

export const linkKeys: readonly Key[] = [{ id: 'k1', secret: 'a secret for tests alone' }];
export const catalogue: Catalogue = { ...emptyCatalogue, pipelines: [sales], facts: builtInFacts };

export interface WebSettings extends Partial<Omit<WebDeps, 'limits'>> {
  readonly limits?: Partial<Limits>;
}

export async function makeWebDeps(db: Db, { limits, ...others }: WebSettings = {}) {
  const [ingest, read, admin] = await Promise.all(
    (['ingest', 'read', 'admin'] as const).map((scope) => createKey(db, { name: scope, scope, now: monday })),
  );
  if (ingest === undefined || read === undefined || admin === undefined) throw new Error('no keys were made');
  const rings: string[] = [];
  const logged: string[] = [];
  const time = { now: monday, ticks: 0 };
  const deps: WebDeps = {
    db,
    clock: { now: async () => time.now },
    ticks: () => time.ticks,
    ring: async (queue) => {
      rings.push(queue);
    },
    pingQueue: async () => undefined,
    hash,
    linkKeys,
    catalogue: async () => catalogue,
    sourceSecrets: new Map(),
    providerKeys: { sesTopics: [], sendgrid: null, postmark: null, mailgun: null },
    fetchText: async () => null,
    program: async () => link([], [], [], catalogue),
    catcher: null,
    company: async () => 'Acme Pumps',
    publicUrl: 'http://localhost:3000',
    trustedProxies: [],
    log: openLog(logged),
    ...others,
    limits: { ...defaultLimits, ...limits },
  };
  return { db, deps, keys: { ingest, read, admin }, rings, logged, time };
}

function openLog(logged: string[]): Logger {
  return pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
}
