// The way in: the web, listening. What is applied is read again when its revision moves, as the workers do.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { Clock, Db } from '../db/connect.ts';
import type { Catcher } from '../mail/catcher.ts';
import { identify } from '../mail/identity.ts';
import { steps } from '../steps/index.ts';
import { defaultLimits, type Limits } from '../web/deps.ts';
import { fetchText } from '../web/outside.ts';
import { buildServer } from '../web/server.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import type { Queues } from '../workers/queues.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import type { Secrets } from './secrets.ts';

export interface Opening {
  readonly db: Db;
  readonly clock: Clock;
  readonly queues: Queues;
  readonly secrets: Secrets;
  readonly catcher: Catcher | null;
  readonly port: number;
  readonly publicUrl: string;
  readonly limits?: Limits;
}

export async function openWeb({ config, closings, log }: Deps, opening: Opening): Promise<void> {
  const { db, clock, queues, secrets, catcher, port, publicUrl, limits = defaultLimits } = opening;
  const definitions = watchDefinitions(steps);
  const program = (pinned: Iterable<string>) => definitions.program(db, pinned);
  const catalogue = async () => (await program([])).catalogue;
  const server = buildServer({
    db,
    clock,
    ticks: () => performance.now(),
    ring: queues.ring,
    pingQueue: queues.ping,
    hash: secrets.hashAddress,
    linkKeys: secrets.links,
    catalogue,
    sourceSecrets: config.sourceSecrets,
    providerKeys: config.providerKeys,
    fetchText,
    program,
    catcher,
    company: async () => identify(config.identity, (await catalogue()).policy, null).company,
    publicUrl,
    trustedProxies: config.trustedProxies,
    log,
    limits,
  });
  closings.add('web', () => server.close());
  await server.listen({ host: config.host, port });
}

/** Where this process can be reached from this machine. */
export function localUrl({ host }: Config, port: number): string {
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** The port to listen on, known before anything that links to it is made. 0 asks the system for a free one. */
export async function choosePort({ host }: Config, wanted: number): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(wanted, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
