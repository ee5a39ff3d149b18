// The whole of an install on one ground: workers, web, a mail server, a program that is called, a clock in hand, and
// everything that was logged or said to Redis.

import { sql } from 'kysely';
import { pino } from 'pino';
import { openFastClock } from '../../cli/clock.ts';
import { steps } from '../../steps/index.ts';
import { buildServer } from '../../web/server.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, startParts } from '../../workers/run.ts';
import { openCaller } from '../../workers/webhook.ts';
import { compileDefinitions, useDefinitions } from '../harness/definitions.ts';
import { minuteMs, monday } from '../harness/factories.ts';
import { openHook } from '../harness/hook.ts';
import { house, openPost } from '../harness/post.ts';
import { startSink } from '../harness/sink.ts';
import { makeWebDeps } from '../harness/web-deps.ts';
import { filesOf, letters, type Stage } from './f20-life.ts';
import { watchRedis } from './f20-search.ts';
import type { Ground } from './ground.ts';
import { untilIdle } from './until-idle.ts';

export async function openStage({ db, databaseUrl, redisUrl }: Ground) {
  const clock = openFastClock(monday);
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const sink = await startSink({ keepBodies: true });
  const hook = await openHook();
  const files = filesOf(hook.port);
  const { catalogue } = await compileDefinitions(files, letters());
  await useDefinitions(db, monday, files, letters());
  const watch = await watchRedis(redisUrl);
  const queues = await openQueues({ redisUrl, databaseUrl, log });
  const caller = openCaller({
    keys: [Buffer.alloc(32)],
    hosts: ['crm.internal'],
    resolve: async () => ['127.0.0.1'],
  });
  const post = { ...openPost(sink.url, log), caller };
  const parts = partsOf({ db, clock, queues, steps, post, log, connections: 5, sweepMs: 50 });
  const workers = startParts(parts, ['advance', 'deliver', 'sweep']);
  let ticks = 0;
  let asked = 0;
  const made = await makeWebDeps(db, {
    ...{ clock, log, linkKeys: house.keys, ticks: () => ticks },
    catalogue: async () => catalogue,
    ring: (name) => queues.ring(name),
  });
  const server = buildServer(made.deps);
  const stage: Stage = {
    db,
    catalogue,
    accepted: () => sink.accepted,
    now: () => clock.at(),
    untilWritten: () =>
      until(db, sql`select last_value >= ${asked} as is from hits_id_seq`, 'hits are still on their way'),
    async pass(ms) {
      await stage.untilWritten();
      await untilIdle(db, clock.at());
      clock.moveTo(clock.at() + ms);
      ticks += ms;
      await untilIdle(db, clock.at());
      const old = sql`judged_at is null and at < instant(${clock.at() - minuteMs / 2})`;
      await until(db, sql`select not exists (select 1 from hits where ${old}) as is`, 'hits are not judged');
    },
    async ask(method, url, { scope, json, form, agent, isLate = false } = {}) {
      if (/^\/[co]\//.test(url)) asked += 1;
      const headers = {
        ...(scope && { authorization: `Bearer ${made.keys[scope]}` }),
        ...(agent && { 'user-agent': agent }),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      const payload = json ?? (form && new URLSearchParams(form).toString());
      const answer = await server.inject({ method, url, headers, ...(payload && { payload }) });
      if (answer.statusCode >= (isLate ? 500 : 400))
        throw new Error(`${method} ${url.slice(0, 12)} was answered ${answer.statusCode}: ${answer.body}`);
      return answer.body;
    },
  };
  const close = async () => {
    watch.stop();
    await workers.stop();
    await queues.close();
    await post.transport.close();
    await server.close();
    await hook.close();
    await sink.close();
  };
  return { stage, sink, lines, commands: watch.commands, calls: hook.calls, close };
}

async function until(db: Ground['db'], question: ReturnType<typeof sql>, complaint: string): Promise<void> {
  const endAt = performance.now() + 60_000;
  for (;;) {
    const { rows } = await question.execute(db);
    if ((rows[0] as { is?: boolean } | undefined)?.is === true) return;
    if (performance.now() > endAt) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
