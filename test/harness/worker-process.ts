// A worker process for trials and the bench, assembled as `work` does it, from one JSON argument: nothing in it knows
// that it will be killed. It says {"ready":true} on its output, stops in order at SIGTERM, and dies where it is told to.
import { pino } from 'pino';
import { close, connect, databaseClock } from '../../db/connect.ts';
import { countCompiles } from '../../mail/library-mjml.ts';
import { steps } from '../../steps/index.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, type Role, startParts } from '../../workers/run.ts';
import { type Death, makeMortal } from './mortal.ts';
import { openPost } from './post.ts';

export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly smtpUrl: string;
  readonly only: readonly Role[];
  readonly connections?: number;
  readonly leaseMs?: number;
  readonly sweepMs?: number;
  /** Business time runs ahead of the database's by so much. */
  readonly aheadMs?: number;
  readonly diesAt?: Death | undefined;
}

const settings: WorkerSettings = JSON.parse(process.argv[2] ?? '{}');
const { databaseUrl, redisUrl, smtpUrl, connections = 5, aheadMs = 0 } = settings;
const log = pino({ level: 'error' }, pino.destination(2));
const db = connect(databaseUrl, { max: 8, name: 'trial', log });
const real = databaseClock(db);
const clock = { now: async () => (await real.now()) + aheadMs };
const queues = await openQueues({ redisUrl, databaseUrl, log });
const post = openPost(smtpUrl, log, connections);
const parts = partsOf({ ...settings, db, clock, queues, steps, post, log, connections });
const kill = () => process.kill(process.pid, 'SIGKILL');
const mortal = settings.diesAt ? makeMortal(settings.diesAt, kill) : null;
const workers = startParts(mortal?.bend(parts) ?? parts, settings.only);

process.once('SIGTERM', async () => {
  await workers.stop();
  await queues.close();
  await post.transport.close();
  await close(db);
  const { rss } = process.memoryUsage();
  const said = { rss, cpu: process.cpuUsage(), compiles: countCompiles() };
  process.stdout.write(`${JSON.stringify(said)}\n`, () => process.exit(0));
});
process.stdout.write('{"ready":true}\n');
