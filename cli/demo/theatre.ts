// Everything that a demo needs, opened on one fast clock: a ledger that was empty, the definitions applied, the queue,
// the catcher, the web on a real port, the workers. Playing it is in play.ts; this is the stage.
import type { Db } from '../../db/connect.ts';
import type { EventInput } from '../../db/event-input.ts';
import { record } from '../../db/events.ts';
import { createKey } from '../../db/keys.ts';
import { applyDefinitions } from '../../db/plans.ts';
import { countContacts, countDealsByStage, countMails, countRuns } from '../../db/reports.ts';
import { countOutcomes, listPerformed } from '../../db/reports-runs.ts';
import { forgetCrashes } from '../../db/throwaway.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import type { Catcher } from '../../mail/catcher.ts';
import { steps } from '../../steps/index.ts';
import { defaultLimits } from '../../web/deps.ts';
import { openQueues, type Queues } from '../../workers/queues.ts';
import { partsOf, startParts } from '../../workers/run.ts';
import { definitionsOf } from '../apply.ts';
import { openFastClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Compiled } from '../definitions.ts';
import type { Deps } from '../deps.ts';
import { openLedger } from '../ledger.ts';
import { openCatcher, openPost } from '../post.ts';
import { askReports, writeReport as writeLetter } from '../report/weekly.ts';
import { openSecrets } from '../secret.ts';
import { choosePort, localUrl, openWeb } from '../web.ts';
import { openCrowd } from './crowd.ts';
import { openDesk } from './desk.ts';
import { type Counts, type Outcome, sumUp } from './outcome.ts';
import { writeReport } from './pages.ts';
import { isDead } from './people.ts';
import { play } from './play.ts';
import { openProgress } from './progress.ts';
import type { Script } from './script.ts';
import type { ApiEvent } from './season.ts';
import { openSignal } from './signal.ts';
import { openWorld, type Refused, type WorldOptions } from './world.ts';

export interface Theatre {
  readonly url: string;
  readonly hasInbox: boolean;
  play(): Promise<Outcome>;
  /** After the play: events that the API turned away. */
  refused(): readonly Refused[];
  /** After the play: writes the report into the folder, in each language; answers the paths. */
  report(folder: string): Promise<string[]>;
}

/** Nobody else listens to these bells, and nobody else's bells are heard here. */
const prefix = `voronka-demo-${process.pid}`;
const dayMs = 86_400_000;
const batchSize = 1_000;
/** What is due within the same four hours goes together: some 650 steps a season, where there would be 5,000. */
const gridMs = 4 * 60 * 60_000;
/** The rate limit is for strangers; the demo is in a hurry. */
const limits = { ...defaultLimits, rate: { perSecond: 1e6, burst: 1e6 } };

export async function openTheatre(
  deps: Deps,
  compiled: Compiled,
  script: Script,
  seed: string,
): Promise<Theatre> {
  const beganAt = performance.now();
  const { startAt, endAt, cues, people } = script;
  const stage = await build(deps, compiled, script);
  const { url, key, catcher, clock, db } = stage;
  const { catalogue, plans } = compiled;
  const world = openWorld(stage);
  const post = (event: unknown) => world.post([event]);
  const crowd = openCrowd({ people, catcher, seed, origin: url, post, now: clock.at });
  const addresses = new Set(Object.values(catalogue.people).flatMap(({ email }) => email ?? []));
  const desk = openDesk({ url, key, seed, catcher, addresses });
  const answer = async (now: number) => [
    ...crowd.answer(now),
    ...(people.length > 0 ? await desk.answer(now) : []),
  ];
  return {
    url,
    hasInbox: catcher !== null,
    refused: () => world.refused,
    report: (folder) => writeReport(db, catalogue, endAt, folder),
    async play() {
      const { err, stop } = deps.streams;
      const progress = openProgress(err, Math.ceil((endAt - startAt) / dayMs));
      const onStep = (now: number) => progress.show((now - startAt) / dayMs, catcher?.accepted ?? 0);
      try {
        await play({ world, cues, endAt, gridMs, stop, answer, onStep });
      } finally {
        progress.stop();
      }
      const seconds = Math.round((performance.now() - beganAt) / 100) / 10;
      const [counts, tasks] = [await readCounts(db), await desk.count()];
      clock.runOn(() => performance.now());
      stage.letGo();
      const accepted = catcher?.accepted ?? null;
      const { pipelines } = catalogue;
      return sumUp({ counts, plans, pipelines, seconds, accepted, tasks, people: crowd.deeds });
    },
  };
}

interface Stage extends WorldOptions {
  readonly catcher: Catcher | null;
  /** After the play: from now on it rings and sweeps by itself, as in production. */
  letGo(): void;
}

async function build(deps: Deps, compiled: Compiled, { startAt, past, people }: Script): Promise<Stage> {
  const { config, closings, log } = deps;
  const { db, url: databaseUrl } = await openLedger(deps, 'demo', { isMigrating: true, isFresh: true });
  if (config.databaseUrl === null) await forgetCrashes(db);
  const clock = openFastClock(startAt);
  const secrets = await openSecrets(config, db);
  await recordPast(db, past, startAt, compiled.catalogue, secrets.hashAddress);
  await applyDefinitions(db, definitionsOf(compiled), startAt);
  if (people.length > 0) await askForReports(db, compiled.catalogue, startAt, secrets.hashAddress);
  const key = await createKey(db, { name: 'demo', scope: 'admin', now: startAt });
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
  const parts = partsOf({
    ...{ db, clock, queues, steps, post, log, connections, writeReport: writeLetter },
    onRest: signal.give,
  });
  closings.add('workers', startParts(parts, ['advance', 'deliver']).stop);
  const letGo = () => {
    isPlaying = false;
    closings.add('sweep', startParts(parts, ['sweep']).stop);
  };
  return { url, key, db, clock, queues, signal, sweep: parts.sweep.look, catcher, letGo };
}

/** Before anything is applied, so that everybody is looked at once for the moments that are ahead of them. */
async function recordPast(
  db: Db,
  past: readonly ApiEvent[],
  now: number,
  { pipelines }: Catalogue,
  hash: (address: string) => Buffer,
): Promise<void> {
  // Said in the API's own form; JSON is what both have.
  const inputs = past.map((event) => ({ ...event, at: Date.parse(event.at) }) as unknown as EventInput);
  for (let from = 0; from < inputs.length; from += batchSize) {
    const results = await record(db, inputs.slice(from, from + batchSize), {
      now,
      hash,
      pipelines,
      isHistory: true,
    });
    const refused = results.find(({ status }) => status === 'refused');
    if (refused !== undefined) throw new Error(`the year before: ${refused.path} ${refused.reason}`);
  }
}

/** One colleague has asked for the weekly figures. */
async function askForReports(
  db: Db,
  catalogue: Catalogue,
  now: number,
  hash: (address: string) => Buffer,
): Promise<void> {
  const person = Object.keys(catalogue.people).find((one) => catalogue.people[one]?.email !== null);
  if (person !== undefined) await askReports(db, catalogue, { person, is: 'asked', now, hash });
}

/** At rest, so that these statements see one state. */
async function readCounts(db: Db): Promise<Counts> {
  const [contacts, stages, runs, outcomes, performed, deliveries] = await Promise.all([
    countContacts(db),
    countDealsByStage(db),
    countRuns(db),
    countOutcomes(db),
    listPerformed(db),
    countMails(db),
  ]);
  return { contacts, stages, runs, outcomes, performed, deliveries };
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
