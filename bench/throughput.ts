// Emails per second, twice: the whole path (event in over HTTP, workflow, mail accepted, row settled) and nodemailer alone with
// the same letters and as many connections, round by round in turn, so that both meet the same machine.
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';
import { spawnSink } from '../test/harness/sink-spawn.ts';
import { type Child, startChild } from './child.ts';
import { makeEvents, postEvents } from './events.ts';
import { perOne, readProcessor } from './processor.ts';
import type { Stand } from './stand.ts';

export interface Throughput {
  readonly mails: number;
  readonly connections: number;
  readonly voronka: readonly number[];
  readonly alone: readonly number[];
  readonly ratio: number;
  /** Processor milliseconds a mail, in each kind of process; the sink is among `node`. */
  readonly cpuMs: {
    readonly voronka: { [name: string]: number };
    readonly alone: { [name: string]: number };
  };
  readonly rssMb: number;
}

interface HouseSaid {
  readonly url: string;
  readonly rssMb: number;
}
interface AloneSaid {
  readonly seconds: number;
}

export async function measureThroughput(
  stand: Stand,
  {
    mails,
    rounds,
    label,
    nodeArgs = [],
  }: { mails: number; rounds: number; label: string; nodeArgs?: readonly string[] },
): Promise<Throughput> {
  const { connections, databaseUrl, redisUrl, db, key } = stand;
  const sink = await spawnSink({ isLight: true });
  const shared = { databaseUrl, smtpUrl: sink.url, connections };
  const only = ['advance', 'deliver', 'sweep'];
  const voronka = await startChild<HouseSaid>(
    'house-process',
    { ...shared, redisUrl, only, serves: true },
    nodeArgs,
  );
  const alone = await startChild<AloneSaid>('alone-process', { ...shared, mails });
  const rates: { voronka: number[]; alone: number[] } = { voronka: [], alone: [] };
  const warmUp = Math.min(500, mails);
  try {
    await runVoronka(voronka, sink, db, key, `${label}-warm`, warmUp);
    await alone.ask(String(warmUp));
    const cpuMs: Throughput['cpuMs'] = { voronka: {}, alone: {} };
    for (let round = 0; round < rounds; round++) {
      const readings = [readProcessor()];
      rates.voronka.push(mails / (await runVoronka(voronka, sink, db, key, `${label}-${round}`, mails)));
      readings.push(readProcessor());
      const { seconds } = await alone.ask(String(mails));
      rates.alone.push(mails / seconds);
      readings.push(readProcessor());
      const [first = new Map(), second = new Map(), third = new Map()] = readings;
      Object.assign(cpuMs.voronka, perOne(first, second, mails));
      Object.assign(cpuMs.alone, perOne(second, third, mails));
    }
    const { rssMb } = await voronka.stop();
    const ratio = median(rates.voronka.map((rate, i) => rate / (rates.alone[i] ?? rate)));
    return { mails, connections, ...rates, ratio, cpuMs, rssMb };
  } finally {
    await alone.stop();
    await sink.close();
  }
}

async function runVoronka(
  { first }: Child<HouseSaid>,
  sink: Awaited<ReturnType<typeof spawnSink>>,
  db: Db,
  key: string,
  round: string,
  mails: number,
): Promise<number> {
  const before = await sink.count();
  const events = makeEvents(round, mails, 'Lead');
  const startedAt = performance.now();
  await postEvents(first.url, key, events);
  await sink.until(before + mails);
  // The rows of the last few are settled after their replies.
  while (await isOpen(db)) await pause(2);
  return (performance.now() - startedAt) / 1000;
}

async function isOpen(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from deliveries where settled_at is null limit 1`.execute(db);
  return rows.length > 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
