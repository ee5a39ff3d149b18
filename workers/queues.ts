// The doorbell: two BullMQ queues, over Redis or over Postgres, and nothing else in the project knows which.
// A ring carries nothing: the ledger says what is due. So a lost ring costs one sweep interval and no mail; ringing
// never throws and never holds its caller up for long. It would break if a job ever carried state.
import type { Logger } from 'pino';
import { openBell } from './bell.ts';
import { watchOutage } from './outage.ts';
import { type Listener, startListening } from './queues-listen.ts';
import { openPostgres } from './queues-postgres.ts';
import { openRedis } from './queues-redis.ts';
import { settlesWithin } from './within.ts';

export type QueueName = 'advance' | 'deliver';

export interface Queues {
  readonly engine: 'redis' | 'postgres';
  /** Wakes one idle listener of that queue, in any process. Coalesced; never rejects; at most a second. */
  ring(name: QueueName): Promise<void>;
  /** Runs `work`, one at a time, whenever the bell was rung. A throw is logged once; the sweep rings again. */
  listen(name: QueueName, work: () => Promise<void>): Listener;
  /** Rejects within a second where the queue does not answer: for a readiness probe. */
  ping(): Promise<void>;
  /** Closes the listeners that are still open, then the bells. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** redis[s]://, redis[s]+sentinel://a:1,b:2/name, redis[s]+cluster://a:1,b:2; none: the ledger's Postgres. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  /** Before the queue's name in every Redis key. */
  readonly prefix?: string;
  readonly log: Logger;
  /** How long rings may go unanswered before a listener is built anew. */
  readonly canaryMs?: number;
}

const ringGapMs = 10;
const ringPatienceMs = 500;
const pingPatienceMs = 1_000;

export async function openQueues(options: QueueOptions): Promise<Queues> {
  const { redisUrl, databaseUrl, prefix = 'voronka', log, canaryMs = 1_000 } = options;
  const engine = redisUrl
    ? await openRedis({ url: redisUrl, prefix, log })
    : await openPostgres({ url: databaseUrl, log });
  const outage = watchOutage(log, 'ringing the queue', 'the sweep will find what is due');
  const doors = new Map(
    (['advance', 'deliver'] as const).map((name) => {
      const queue = engine.openQueue(name);
      queue.on('error', outage.fails);
      return [name, { queue, ring: openBell(() => strike(queue.add('ring', {})), ringGapMs) }];
    }),
  );

  async function strike(added: Promise<unknown>): Promise<void> {
    try {
      if (await settlesWithin(ringPatienceMs, added)) outage.works();
      else outage.fails(new Error(`no answer within ${ringPatienceMs} ms`));
    } catch (error) {
      outage.fails(error);
    }
  }
  const doorOf = (name: QueueName) => {
    const door = doors.get(name);
    if (!door) throw new Error(`there is no queue named ${name}; there are ${[...doors.keys()].join(', ')}`);
    return door;
  };
  const listeners: Listener[] = [];
  let closing: Promise<void> | null = null;
  async function closeAll(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    const queues = Promise.all([...doors.values()].map(({ queue }) => queue.close()));
    await settlesWithin(2_000, queues).catch(outage.fails);
    await engine.close();
  }

  return {
    engine: engine.kind,
    ring(name) {
      const rung = doorOf(name).ring();
      // Whoever rings in an outage does not wait for it; the stroke is tried all the same.
      return outage.isOn() ? Promise.resolve() : rung;
    },
    listen(name, work) {
      const { queue } = doorOf(name);
      const listener = startListening({ name, queue, work, log, canaryMs, open: engine.openWorker });
      listeners.push(listener);
      return listener;
    },
    async ping() {
      if (!(await settlesWithin(pingPatienceMs, engine.ping()))) throw new Error('the queue does not answer');
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}
