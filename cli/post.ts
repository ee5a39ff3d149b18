// The way out: the mail server of SMTP_URL, or a catcher in this process whose inbox is a page.
import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Catcher, type CatcherOptions, startCatcher } from '../mail/catcher.ts';
import { providers } from '../mail/providers.ts';
import { openTransport } from '../mail/transport.ts';
import type { Post } from '../workers/io.ts';
import { openCaller } from '../workers/webhook.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import type { Secrets } from './secrets.ts';

/** Null where SMTP_URL is set. Its mails outlive the process, in the home. */
export async function openCatcher(deps: Deps, options: CatcherOptions = {}): Promise<Catcher | null> {
  const { config, closings } = deps;
  if (config.smtpUrl !== null) return null;
  const catcher = await startCatcher({ folder: join(config.home, 'inbox'), ...options });
  closings.add('mail catcher', catcher.close);
  return catcher;
}

export function openPost(deps: Deps, secrets: Secrets, catcher: Catcher | null, publicUrl: string): Post {
  const { config, closings, log } = deps;
  const url = config.smtpUrl ?? catcher?.url;
  if (url === undefined) throw new Error('there is neither a mail server nor a catcher');
  if (config.smtpUrl !== null && config.publicUrl === null)
    log.warn(
      'PUBLIC_URL is not set: the links in mails lead to this machine, and nobody else can unsubscribe',
    );
  const transport = openTransport({
    url,
    connections: config.smtpConnections,
    name: config.smtpName ?? hostname(),
    log,
    dkim: config.dkim,
  });
  warnOfDkim(config, log);
  closings.add('mail transport', transport.close);
  const { identity, senderDomain, bounceDomain, idempotencyHeader } = config;
  const mark = providers.find(({ name }) => name === config.provider)?.mark ?? null;
  return {
    transport,
    identity,
    caller: openCaller({
      keys: config.webhookKeys ?? secrets.webhooks,
      hosts: config.callHosts,
      resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
    }),
    house: { publicUrl, domain: senderDomain, bounceDomain, idempotencyHeader, mark, keys: secrets.links },
  };
}

function warnOfDkim({ dkim, senderDomain, smtpUrl }: Config, log: Logger): void {
  if (smtpUrl === null) return;
  if (dkim === null)
    log.warn(
      'no DKIM key is set: mail leaves unsigned unless the server signs it; see `voronka dkim generate`',
    );
  else if (dkim.domain !== null && dkim.domain !== senderDomain && !senderDomain.endsWith(`.${dkim.domain}`))
    log.warn(
      { signs: dkim.domain, sender: senderDomain },
      'DKIM signs for another domain than the sender has: DMARC does not count it',
    );
}
