// F1: deliver workers are killed at random moments, and started again, while mail goes out. The sink stands in a process of
// its own and is the judge. Moments are drawn from the seed as counts of accepted mails, so that they are spread over the
// whole run however fast the machine is.
import { setTimeout as pause } from 'node:timers/promises';
import { useDefinitions } from '../harness/definitions.ts';
import { spawnSink } from '../harness/sink-spawn.ts';
import { spawnWorker } from '../harness/worker-spawn.ts';
import { openDice } from './dice.ts';
import type { Ground } from './ground.ts';
import { type Judgement, judge, untilOver } from './judge.ts';
import { addressOf, recordLeads } from './leads.ts';
import { defineTrial } from './trial.ts';

const longForm = { sends: 20_000, kills: 150, reply: 3, workers: 3, lease: 5_000 };
type KillTrial = typeof longForm & { readonly seed: number };

export interface KillReport extends Judgement {
  readonly [figure: string]: unknown;
  readonly unknownPerKill: number;
  readonly seconds: number;
}

export const f1 = defineTrial({
  name: 'F1',
  says: 'deliver workers are killed at random: lost 0, twice 0, unknown at most 1.2 a kill (3.4 with 30 ms replies)',
  options: longForm,
  run: (options, ground): Promise<KillReport> => runKills(ground, options),
  isMet: ({ lost, twice, untrue, maimed, unknownPerKill, reply }) =>
    lost + twice + untrue + maimed === 0 && unknownPerKill <= (Number(reply) < 10 ? 1.2 : 3.4),
});

export async function runKills(ground: Ground, trial: KillTrial): Promise<KillReport> {
  const { db, databaseUrl, redisUrl } = ground;
  const { sends, kills, reply: replyMs, workers, lease: leaseMs } = trial;
  const dice = openDice(trial.seed);
  const addresses = Array.from({ length: sends }, (_, i) => addressOf(i + 1));
  await useDefinitions(db, 0);
  await recordLeads(db, sends);
  const sink = await spawnSink({ replyMs });
  const settings = { databaseUrl, redisUrl, smtpUrl: sink.url, leaseMs };
  const startedAt = performance.now();
  const steady = await spawnWorker({ ...settings, only: ['advance', 'sweep'] });
  const spawnDeliver = () => spawnWorker({ ...settings, only: ['deliver'] });
  const mortals = await Promise.all(Array.from({ length: workers }, spawnDeliver));
  try {
    const moments = Array.from({ length: kills }, () => 1 + dice.below(Math.floor(sends * 0.97)));
    for (const moment of moments.sort((a, b) => a - b)) {
      await sink.until(moment);
      // Somewhere within a conversation, not always just after a reply.
      await pause(dice.below(20));
      const doomed = dice.below(workers);
      await mortals[doomed]?.kill();
      mortals[doomed] = await spawnDeliver();
    }
    await untilOver(db, sends, leaseMs + 60_000);
    const seconds = (performance.now() - startedAt) / 1000;
    const judgement = await judge(db, await sink.accepted(), addresses);
    const unknownPerKill = judgement.unknown / Math.max(1, kills);
    return { ...judgement, reply: replyMs, unknownPerKill, seconds };
  } finally {
    await Promise.all([steady, ...mortals].map((worker) => worker.kill()));
    await sink.close();
  }
}
