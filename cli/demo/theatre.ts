// Everything that a demo needs, opened on one fast clock: a ledger that was empty, the definitions applied, the queue,
// the catcher, the web on a real port, the workers. Playing it is in play.ts; this is the stage.
import type { Db } from '../../db/connect.ts';
import { createKey } from '../../db/keys.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { countContacts, countDealsByStage, countMails, countRuns } from '../../db/reports.ts';
import type { Catcher } from '../../mail/catcher.ts';
import { steps } from '../../steps/index.ts';
import { defaultLimits } from '../../web/deps.ts';
import { openQueues, type Queues } from '../../workers/queues.ts';
import { startWorkers } from '../../workers/run.ts';
import { definitionsOf } from '../apply.ts';
import { openFastClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Compiled } from '../definitions.ts';
import type { Deps } from '../deps.ts';
import { openLedger } from '../ledger.ts';
import { openCatcher, openPost } from '../post.ts';
import { openSecrets } from '../secret.ts';
import { choosePort, localUrl, openWeb } from '../web.ts';
import { openCrowd } from './crowd.ts';
import { type Counts, type Outcome, sumUp } from './outcome.ts';
import { isDead } from './people.ts';
import { play } from './play.ts';
import { openProgress } from './progress.ts';
import type { Script } from './script.ts';
import { openSignal } from './signal.ts';
import { openWorld, type Refused, type WorldOptions } from './world.ts';

export interface Theatre {
  readonly url: string;
  readonly hasInbox: boolean;
  play(): Promise<Outcome>;
  /** After the play: events that the API turned away, and how many people left by the link. */
  refused(): readonly Refused[];
  left(): number;
}

/** Nobody else listens to these bells, and nobody else's bells are heard here. */
const prefix = `voronka-demo-${process.pid}`;
const dayMs = 86_400_000;
/** What is due within the same two hours goes together: some 600 steps a season, where there would be 2,500. */
const gridMs = 2 * 60 * 60_000;
/** The rate limit is for strangers; the demo is in a hurry. */
const limits = { ...defaultLimits, rate: { perSecond: 1e6, burst: 1e6 } };

export async function openTheatre(
  deps: Deps,
  compiled: Compiled,
  script: Script,
  seed: string,
): Promise<Theatre> {
  const beganAt = performance.now();
  const stage = await build(deps, compiled, script.startAt);
  const { url, catcher, clock, db } = stage;
  const world = openWorld(stage);
  const crowd = openCrowd(script.people, catcher, seed);
  return {
    url,
    hasInbox: catcher !== null,
    refused: () => world.refused,
    left: crowd.left,
    async play() {
      const { startAt, endAt, cues } = script;
      const { err, stop } = deps.streams;
      const progress = openProgress(err, Math.ceil((endAt - startAt) / dayMs));
      const onStep = (now: number) => progress.show((now - startAt) / dayMs, catcher?.accepted ?? 0);
      try {
        await play({ world, cues, endAt, gridMs, stop, answer: crowd.answer, onStep });
      } finally {
        progress.stop();
      }
      const seconds = Math.round((performance.now() - beganAt) / 100) / 10;
      const counts = await readCounts(db);
      clock.runOn(() => performance.now());
      stage.letGo();
      return sumUp(counts, compiled.catalogue.pipelines, seconds, catcher?.accepted ?? null);
    },
  };
}

interface Stage extends WorldOptions {
  readonly catcher: Catcher | null;
  /** After the play: from now on it rings and sweeps by itself, as in production. */
  letGo(): void;
}

async function build(deps: Deps, compiled: Compiled, startAt: number): Promise<Stage> {
  const { config, closings, log } = deps;
  const { db, url: databaseUrl } = await openLedger(deps, 'demo', { isMigrating: true, isFresh: true });
  const clock = openFastClock(startAt);
  const secrets = await openSecrets(config, db);
  await applyDefinitions(db, definitionsOf(compiled), startAt);
  const key = await createKey(db, { name: 'demo', scope: 'ingest', now: startAt });
  const queues = await openQueues({ redisUrl: config.redisUrl ?? undefined, databaseUrl, prefix, log });
  closings.add('queue', queues.close);
  const catcher = await openCatcher(deps, { isDead, keep: 20_000 });
  const port = await findPort(config);
  const url = localUrl(config, port);
  const post = openPost(deps, secrets, catcher, url);
  // While playing, the world rings, once a step is complete: two seasons of one seed are then the same.
  let isPlaying = true;
  const ring: Queues['ring'] = async (name) => (isPlaying ? undefined : queues.ring(name));
  const doors = { ...queues, ring };
  await openWeb(deps, { db, clock, queues: doors, secrets, catcher, port, publicUrl: url, limits });
  const signal = openSignal();
  const { smtpConnections: connections } = config;
  const parts = { db, clock, queues, steps, post, log, connections, onRest: signal.give };
  closings.add('workers', startWorkers(parts, ['advance', 'deliver']).stop);
  const letGo = () => {
    isPlaying = false;
    closings.add('sweep', startWorkers(parts, ['sweep']).stop);
  };
  return { url, key, db, clock, queues, signal, catcher, letGo };
}

/** At rest, so four statements see one state. */
async function readCounts(db: Db): Promise<Counts> {
  const [contacts, stages, runs, deliveries] = await Promise.all([
    countContacts(db),
    countDealsByStage(db),
    countRuns(db),
    countMails(db),
  ]);
  return { contacts, stages, runs, deliveries };
}

/** A default port that is taken is no reason not to play; one that was asked for is. */
async function findPort(config: Config): Promise<number> {
  try {
    return await choosePort(config, config.port);
  } catch (error) {
    if (config.isPortChosen) throw error;
    return choosePort(config, 0);
  }
}
