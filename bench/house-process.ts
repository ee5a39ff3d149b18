// Voronka in one process, as `up` runs it: the API and all workers, over a ledger, a queue and an SMTP server that it is
// given. Says {"url"} once it serves; ends in order at SIGTERM and says what it took.
import { pino } from 'pino';
import { close, connect, databaseClock } from '../db/connect.ts';
import { steps } from '../steps/index.ts';
import { hash } from '../test/harness/factories.ts';
import { house, openPost } from '../test/harness/post.ts';
import { defaultLimits } from '../web/deps.ts';
import { buildServer } from '../web/server.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { openQueues } from '../workers/queues.ts';
import { type Role, startWorkers } from '../workers/run.ts';

export interface HouseSettings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly smtpUrl: string;
  readonly only: readonly Role[];
  readonly serves: boolean;
  readonly connections: number;
  readonly aheadMs?: number;
}

const settings: HouseSettings = JSON.parse(process.argv[2] ?? '{}');
const { databaseUrl, redisUrl, smtpUrl, connections, aheadMs = 0 } = settings;
const log = pino({ level: 'warn' }, pino.destination(2));
const db = connect(databaseUrl, { max: 10, name: 'bench', log });
const real = databaseClock(db);
const clock = { now: async () => (await real.now()) + aheadMs };
const queues = await openQueues({ redisUrl, databaseUrl, log });
const post = openPost(smtpUrl, log, connections);
const workers = startWorkers({ db, clock, queues, steps, post, log, connections }, settings.only);

const definitions = watchDefinitions(steps);
const { catalogue } = await definitions.program(db, []);
const server = buildServer({
  db,
  clock,
  ticks: () => performance.now(),
  ring: queues.ring,
  pingQueue: queues.ping,
  hash,
  linkKeys: house.keys,
  catalogue: async () => catalogue,
  sourceSecrets: new Map(),
  providerKeys: { sesTopics: [], sendgrid: null, postmark: null, mailgun: null },
  fetchText: async () => null,
  program: (pinned) => definitions.program(db, pinned),
  catcher: null,
  company: async () => 'Acme',
  publicUrl: house.publicUrl,
  trustedProxies: [],
  log,
  limits: { ...defaultLimits, rate: { perSecond: 1e9, burst: 1e9 } },
});
const url = settings.serves ? await server.listen({ host: '127.0.0.1', port: 0 }) : '';

process.once('SIGTERM', async () => {
  await server.close();
  await workers.stop();
  await queues.close();
  await post.transport.close();
  await close(db);
  const said = { rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) };
  process.stdout.write(`${JSON.stringify(said)}\n`, () => process.exit(0));
});
process.stdout.write(`${JSON.stringify({ url })}\n`);
