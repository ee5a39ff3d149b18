// The doorbell over Redis: one server, Sentinel or Cluster. Two connections are shared by all queues of a process: one
// that gives up at once (a ring must not wait) and one that never does (a worker comes back by itself).
// It would break under a Redis that drops keys at will, so that one is refused at the door.
import { Queue, Worker } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { describe } from './outage.ts';
import { type Engine, jobSettings, workerSettings } from './queues-engine.ts';
import { parseRedisUrl, type RedisAddress } from './queues-url.ts';
import { settlesWithin } from './within.ts';

type Client = Redis | Cluster;

const patienceMs = 5_000;
/** Doubling from 50 ms; after an outage of minutes a worker is back within two seconds. */
const retryAfterMs = (times: number) => Math.min(50 * 2 ** Math.min(times, 10), 2_000);
type Retry = (times: number) => number | null;

/** What both kinds of connection share. A replica that was a master until a moment ago answers READONLY. */
const common = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;
const impatient = {
  ...common,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 1_000,
} satisfies RedisOptions;
const patient = { ...common, enableOfflineQueue: true, maxRetriesPerRequest: null } satisfies RedisOptions;
type Patience = typeof impatient | typeof patient;

export async function openRedis(options: { url: string; prefix: string; log: Logger }): Promise<Engine> {
  const address = parseRedisUrl(options.url);
  let isClosed = false;
  // A worker's own copy of a connection cannot be reached while Redis is down; it ends by trying no more.
  const retry: Retry = (times) => (isClosed ? null : retryAfterMs(times));
  const ringing = openClient(address, impatient, retry);
  const working = openClient(address, patient, retry);
  const clients = [ringing, working];
  for (const client of clients)
    client.on('error', (error) => options.log.debug(describe(error), 'a connection to Redis failed'));
  try {
    await Promise.all(clients.map((client) => connect(client, address)));
    await refuseEviction(ringing);
  } catch (error) {
    isClosed = true;
    for (const client of clients) client.disconnect();
    throw error;
  }
  // The braces are Cluster's hash tag: all keys of a queue live on one node, as its scripts need.
  const prefixOf = (name: string) => `{${options.prefix}-${name}}`;
  return {
    kind: 'redis',
    openQueue: (name) =>
      new Queue(name, { connection: ringing, prefix: prefixOf(name), defaultJobOptions: jobSettings }),
    openWorker: (name, answer) =>
      new Worker(name, answer, { connection: working, prefix: prefixOf(name), ...workerSettings }),
    ping: () => ringing.ping(),
    async close() {
      isClosed = true;
      for (const client of clients) client.disconnect();
    },
  };
}

function openClient(address: RedisAddress, patience: Patience, retry: Retry): Client {
  const { hosts, tls, username, password } = address;
  const login = {
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls: {} } : {}),
  };
  if (address.kind === 'cluster')
    return new Cluster([...hosts], {
      lazyConnect: true,
      clusterRetryStrategy: retry,
      enableOfflineQueue: patience.enableOfflineQueue,
      redisOptions: { ...patience, ...login },
    });
  const one = { ...patience, ...login, lazyConnect: true, retryStrategy: retry, db: address.db };
  if (address.kind === 'single') return new Redis({ ...one, ...hosts[0] });
  return new Redis({
    ...one,
    sentinels: [...hosts],
    name: address.name,
    sentinelRetryStrategy: retry,
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    ...(address.sentinelPassword ? { sentinelPassword: address.sentinelPassword } : {}),
  });
}

async function connect(client: Client, address: RedisAddress): Promise<void> {
  let last: unknown = new Error(`no answer within ${patienceMs} ms`);
  const remember = (error: unknown) => {
    last = error;
  };
  client.on('error', remember);
  const isThere = await settlesWithin(patienceMs, client.connect()).catch((error) => {
    if (last instanceof Error && !(error instanceof AggregateError)) return false;
    last = error;
    return false;
  });
  client.off('error', remember);
  if (isThere) return;
  const where = address.hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
  throw new Error(
    `cannot reach Redis at ${where}: ${describe(last).error}. Start it, correct REDIS_URL, or unset it to queue in Postgres`,
    { cause: last },
  );
}

/** Every policy but noeviction can drop the keys of a queue when memory runs short. */
async function refuseEviction(client: Client): Promise<void> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const policies = await Promise.all(nodes.map(async (node) => policyOf(await node.info('memory'))));
  const wrong = policies.find((policy) => policy !== 'noeviction');
  if (wrong)
    throw new Error(
      `this Redis may drop keys (maxmemory-policy is ${wrong}). Set it with: CONFIG SET maxmemory-policy noeviction, and in redis.conf`,
    );
}

function policyOf(report: string): string {
  return /^maxmemory_policy:(\S+)/m.exec(report)?.[1] ?? 'noeviction';
}
