// A small world for tests of the workers: a ledger with definitions, a queue engine, a sink, a clock in hand, and
// processes that can be stopped in order or cut off in the middle of anything.
import { sql } from 'kysely';
import { afterAll } from 'vitest';
import { openFastClock } from '../../cli/clock.ts';
import { close, connect } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { steps } from '../../steps/index.ts';
import { openQueues } from '../../workers/queues.ts';
import { type Parts, partsOf, type Role, roles, startParts } from '../../workers/run.ts';
import type { ReportWriter } from '../../workers/work.ts';
import { useDefinitions } from './definitions.ts';
import { type EngineName, freshEngine } from './engines.ts';
import { hash, makeStageChange, monday, sales } from './factories.ts';
import { recordLog } from './log.ts';
import { openPost } from './post.ts';
import { type SinkOptions, startSink } from './sink.ts';

export interface ProcessOptions {
  readonly only?: readonly Role[];
  /** Shown in pg_stat_activity; a process that is cut off is found by it. */
  readonly name?: string;
  readonly connections?: number;
  readonly leaseMs?: number;
  readonly sweepMs?: number;
  /** Puts faults between the parts and what they call. */
  readonly bend?: (parts: Parts) => Parts;
  readonly writeReport?: ReportWriter;
}

/** Call it awaited, inside a describe. */
export async function openWorld(engine: EngineName, startsAt = monday, ofSink: SinkOptions = {}) {
  const { db, databaseUrl, redisUrl, redis } = await freshEngine(engine);
  const clock = openFastClock(startsAt);
  const sink = await startSink(ofSink);
  const { log, warnings, lines } = recordLog();
  await useDefinitions(db, startsAt);
  const stops = new Set<() => Promise<void>>();
  afterAll(async () => {
    await Promise.all([...stops].map((stop) => stop()));
    await sink.close();
  });

  async function openProcess(options: ProcessOptions = {}) {
    const { only = roles, name = 'worker', connections = 5, leaseMs = 60_000, sweepMs = 50 } = options;
    const own = connect(databaseUrl, { max: 8, name, log });
    const queues = await openQueues({ redisUrl, databaseUrl, log });
    const post = openPost(sink.url, log, connections);
    const written = options.writeReport === undefined ? {} : { writeReport: options.writeReport };
    const parts = partsOf({
      db: own,
      clock,
      queues,
      steps,
      post,
      log,
      connections,
      leaseMs,
      sweepMs,
      ...written,
    });
    const workers = startParts(options.bend?.(parts) ?? parts, only);
    const closeAll = async () => {
      await queues.close();
      await post.transport.close();
      await close(own);
    };
    const stop = async () => {
      stops.delete(stop);
      await workers.stop();
      await closeAll();
    };
    stops.add(stop);
    /** As a kill: its connections end where they are, and nothing it had begun goes on. */
    const cutOff = async () => {
      stops.delete(stop);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`.execute(
        db,
      );
      sink.hangUp();
    };
    return { queues, stop, cutOff };
  }

  let leads = 0;
  /** A new contact whose deal enters Lead, as the API would record it; rings nothing. */
  async function recordLeads(count: number): Promise<void> {
    const events = Array.from({ length: count }, () => {
      leads += 1;
      const contact = { id: `c-${leads}`, email: `c-${leads}@acme.example`, consent: { marketing: true } };
      return makeStageChange('Lead', { at: clock.at(), contact, deal: { id: `d-${leads}` } });
    });
    await record(db, events, { now: clock.at(), hash, pipelines: [sales] });
  }

  const deliveries = () => db.selectFrom('deliveries').selectAll().orderBy('id').execute();
  return { db, databaseUrl, redis, clock, sink, warnings, lines, openProcess, recordLeads, deliveries };
}
