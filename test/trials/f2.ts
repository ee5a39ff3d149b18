// F2: a process kills itself at each named stop of the path, a fresh one takes over. One message at every point but those
// between commit and settlement; what died there is unknown, and is never repeated.

import { roles } from '../../workers/run.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { deaths } from '../harness/mortal.ts';
import { spawnSink } from '../harness/sink-spawn.ts';
import { spawnWorker } from '../harness/worker-spawn.ts';
import type { Ground } from './ground.ts';
import { type Judgement, judge, untilOver } from './judge.ts';
import { addressOf, recordLeads } from './leads.ts';
import { defineTrial } from './trial.ts';

export const points = [...deaths, 'dot released, reply not read'] as const;

const longForm = { times: 200, leads: 12, lease: 1_000 };

export interface PointReport extends Judgement {
  readonly death: (typeof points)[number];
}

/** Where a worker that died cannot have known whether its dot went out. */
const uncertainDeaths: readonly PointReport['death'][] = [
  'committing written, dot held back',
  'dot released, reply not read',
  'reply came, nothing settled',
  'settled, nothing after',
];

export const f2 = defineTrial({
  name: 'F2',
  says: 'a worker kills itself at each named stop of the path: one message, or one unknown where the dot was let go',
  options: longForm,
  run: async (options, ground) => ({ points: await runPoints(ground, options) }),
  isMet: ({ points: reports }) => reports.every(isKept),
});

/** Whether one stop of the path lost nothing, repeated nothing, and left in doubt only what nobody could know. */
export function isKept({ death, lost, twice, untrue, unknown }: PointReport): boolean {
  return lost + twice + untrue === 0 && (unknown === 0 || uncertainDeaths.includes(death));
}

export async function runPoints(ground: Ground, trial: typeof longForm): Promise<PointReport[]> {
  const { db, databaseUrl, redisUrl } = ground;
  await useDefinitions(db, 0);
  const sink = await spawnSink();
  const settings = {
    databaseUrl,
    redisUrl,
    smtpUrl: sink.url,
    leaseMs: trial.lease,
    sweepMs: 50,
    only: roles,
  };

  /** The sink has the message, and its reply does not come. */
  async function dieBeforeReply(): Promise<void> {
    const before = await sink.count();
    await sink.reply(60_000);
    const doomed = await spawnWorker(settings);
    await sink.until(before + 1);
    await doomed.kill();
    await sink.reply(0);
  }
  async function die(death: PointReport['death']): Promise<void> {
    if (death === 'dot released, reply not read') return await dieBeforeReply();
    // It may be gone before it has said that it is ready.
    const doomed = await spawnWorker({ ...settings, diesAt: death }).catch(() => null);
    await doomed?.gone;
  }

  const reports: PointReport[] = [];
  let recorded = 0;
  try {
    for (const death of points) {
      const first = recorded + 1;
      for (let time = 0; time < trial.times; time++) {
        await recordLeads(db, trial.leads, { from: recorded + 1 });
        recorded += trial.leads;
        await die(death);
        const next = await spawnWorker(settings);
        await untilOver(db, recorded, trial.lease + 60_000);
        await next.stop();
      }
      const addresses = Array.from({ length: recorded - first + 1 }, (_, i) => addressOf(first + i));
      const judgement = await judge(db, await sink.accepted(), addresses);
      reports.push({ death, ...judgement });
    }
    return reports;
  } finally {
    await sink.close();
  }
}
