// Transitions per second without mail: so many contacts enter a workflow, then so many wake a day later. Only the workers are
// measured: the events are recorded before the bell is rung. Two processes, as both cores are at hand.
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { hasDue } from '../db/agenda.ts';
import { databaseClock } from '../db/connect.ts';
import type { EventInput } from '../db/event-input.ts';
import { record } from '../db/events.ts';
import { hash } from '../test/harness/factories.ts';
import { openQueues } from '../workers/queues.ts';
import { startChild } from './child.ts';
import { day } from './definitions.ts';
import { makeEvents } from './events.ts';
import type { Stand } from './stand.ts';

export interface Transitions {
  readonly contacts: number;
  readonly processes: number;
  readonly enterPerSecond: number;
  readonly wakePerSecond: number;
  /** Both together. */
  readonly perSecond: number;
}

const processes = 2;

export async function measureTransitions(
  stand: Stand,
  { contacts, label, nodeArgs = [] }: { contacts: number; label: string; nodeArgs?: readonly string[] },
): Promise<Transitions> {
  await enter(stand, 1_000, `${label}-warm`, nodeArgs);
  const enterSeconds = await enter(stand, contacts, label, nodeArgs);
  const wakeSeconds = await wake(stand, 25 * 3_600_000, nodeArgs);
  const woken = contacts + 1_000;
  return {
    contacts,
    processes,
    enterPerSecond: contacts / enterSeconds,
    wakePerSecond: woken / wakeSeconds,
    perSecond: (contacts + woken) / (enterSeconds + wakeSeconds),
  };
}

async function enter(
  stand: Stand,
  contacts: number,
  label: string,
  nodeArgs: readonly string[],
): Promise<number> {
  const now = await databaseClock(stand.db).now();
  const events = makeEvents(label, contacts, 'Qualification').map(
    (event) => ({ ...event, at: now }) as unknown as EventInput,
  );
  const pipelines = [
    {
      name: 'sales',
      stages: ['Lead', 'Qualification', 'Proposal', 'Won', 'Lost'],
      won: ['Won'],
      lost: ['Lost'],
    },
  ];
  for (let from = 0; from < events.length; from += 1000)
    await record(stand.db, events.slice(from, from + 1000), { now, hash, pipelines });
  return await drain(stand, 0, nodeArgs);
}

function wake(stand: Stand, aheadMs: number, nodeArgs: readonly string[]): Promise<number> {
  return drain(stand, Math.max(aheadMs, day), nodeArgs);
}

/** Seconds from the ring until nobody is due. */
async function drain(stand: Stand, aheadMs: number, nodeArgs: readonly string[]): Promise<number> {
  const { db, databaseUrl, redisUrl, connections } = stand;
  const settings = {
    databaseUrl,
    redisUrl,
    smtpUrl: 'smtp://127.0.0.1:9',
    connections,
    aheadMs,
    only: ['advance'],
    serves: false,
  };
  const workers = await Promise.all(
    Array.from({ length: processes }, () => startChild<unknown>('house-process', settings, nodeArgs)),
  );
  const queues = await openQueues({ redisUrl, databaseUrl, log: pino({ level: 'silent' }) });
  const clock = databaseClock(db);
  try {
    const startedAt = performance.now();
    await Promise.all([queues.ring('advance'), pause(15).then(() => queues.ring('advance'))]);
    while (await hasDue(db, (await clock.now()) + aheadMs)) await pause(5);
    return (performance.now() - startedAt) / 1000;
  } finally {
    await queues.close();
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}
