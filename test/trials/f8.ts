// F8: v1 to v2 to v1 while people are on their way and two sets of workers go on, each with its own copy of what is applied.
// More people enter while each version is being applied. Time is in hand, so that the days of the waits pass in seconds.
import { pino } from 'pino';
import { openFastClock } from '../../cli/clock.ts';
import { type CarriedOut, carryOut } from '../../cli/plan/carry-out.ts';
import { nextDueAt } from '../../db/agenda.ts';
import { close, connect } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { steps } from '../../steps/index.ts';
import { openQueues } from '../../workers/queues.ts';
import { startWorkers } from '../../workers/run.ts';
import { dayMs, hash, makeStageChange, monday, sales } from '../harness/factories.ts';
import { openPost } from '../harness/post.ts';
import { startSink } from '../harness/sink.ts';
import { openDice } from './dice.ts';
import { type Counts, compareMoves, countLetters, countStranded, differences, lastLine } from './f8-judge.ts';
import { compileVersions } from './f8-versions.ts';
import type { Ground } from './ground.ts';
import { addressOf } from './leads.ts';
import { defineTrial } from './trial.ts';
import { untilIdle } from './until-idle.ts';

/** Days after the Monday on which a part of the people enters: at the edit they stand on every step. */
const entering = [0.5, 3, 4.5, 5.5, 6.5, 7.5];
const editedOn = 8;
/** Nobody's own time is up at that moment, so whoever leaves a wait leaves it because of the edit. */
const undoneOn = 9.75;

type Versions = Awaited<ReturnType<typeof compileVersions>>;

export const f8 = defineTrial({
  name: 'F8',
  says: 'v1 to v2 to v1 with people under way and workers running: stranded 0, repeated 0, numbers as planned',
  options: { people: 10_000 },
  run: (options, ground) => runEdits(ground, options),
  isMet: ({ stranded, repeated, missing, wrongNumbers }) =>
    stranded + repeated + missing + wrongNumbers === 0,
});

export interface EditReport {
  readonly [figure: string]: unknown;
  readonly people: number;
  readonly stranded: number;
  readonly repeated: number;
  readonly missing: number;
  /** Of the numbers that the two plans said, those that the ledger does not show afterwards. */
  readonly wrongNumbers: number;
  readonly edits: readonly { readonly planned: Counts; readonly done: Counts }[];
}

export async function runEdits(
  ground: Ground,
  { people, seed }: { readonly people: number; readonly seed: number },
): Promise<EditReport> {
  const { db } = ground;
  const clock = openFastClock(monday);
  const dice = openDice(seed);
  const sink = await startSink({ keepBodies: true });
  const versions = await compileVersions();
  const apply = (version: Versions['v1']): Promise<CarriedOut> =>
    carryOut({ db, clock, streams: { err: process.stderr, stop: new AbortController().signal } }, version, {
      plan: null,
      isConfirmed: true,
      most: 0,
      confirming: '',
    });
  let entered = 0;
  /** About an eighth of the people, at this moment. */
  const enter = async (count: number): Promise<void> => {
    const numbers = Array.from({ length: count }, (_, i) => entered + i + 1);
    entered += count;
    for (let from = 0; from < count; from += 1_000)
      await record(
        db,
        numbers.slice(from, from + 1_000).map((n) => lead(n, clock.at())),
        {
          now: clock.at(),
          hash,
          pipelines: [sales],
        },
      );
  };
  const some = () => Math.floor(people / 16) + dice.below(Math.floor(people / 8));
  const walk = async (day: number, until: number): Promise<void> => {
    for (let at = day; at < until; at += 0.5) {
      clock.moveTo(monday + at * dayMs);
      if (entering.includes(at)) await enter(some());
      await untilIdle(db, clock.at());
    }
    clock.moveTo(monday + until * dayMs);
  };
  const edits: Awaited<ReturnType<typeof compareMoves>>[] = [];
  const edit = async (version: Versions['v1'], count: number): Promise<void> => {
    const since = await lastLine(db);
    // They enter while it is applied: some by the old version, some by the new one.
    const [done] = await Promise.all([apply(version), enter(count)]);
    await untilIdle(db, clock.at());
    edits.push(await compareMoves(db, done, since));
  };
  await apply(versions.v1);
  const stacks = await Promise.all(['one', 'other'].map((name) => openStack(ground, clock, sink.url, name)));
  try {
    await walk(0.5, editedOn);
    await edit(versions.v2, some());
    await walk(editedOn, undoneOn);
    await edit(versions.v1, Math.max(1, people - entered));
    for (let at = await nextDueAt(db); at !== null; at = await nextDueAt(db)) {
      clock.moveTo(at);
      await untilIdle(db, clock.at());
    }
    const addresses = Array.from({ length: entered }, (_, i) => addressOf(i + 1));
    return {
      people: entered,
      stranded: await countStranded(db),
      ...countLetters(sink.accepted, addresses),
      wrongNumbers: edits.reduce((sum, { planned, done }) => sum + differences(planned, done), 0),
      edits,
    };
  } finally {
    await Promise.all(stacks.map((stop) => stop()));
    await sink.close();
  }
}

const lead = (n: number, at: number) =>
  makeStageChange('Lead', {
    id: `trial-${n}`,
    at,
    contact: { id: `lead-${n}`, email: addressOf(n), consent: { marketing: true } },
    deal: { id: `deal-${n}` },
  });

/** Workers as a process of their own would have them; answers how to stop them. */
async function openStack(
  { databaseUrl, redisUrl }: Ground,
  clock: ReturnType<typeof openFastClock>,
  smtpUrl: string,
  name: string,
): Promise<() => Promise<void>> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  const db = connect(databaseUrl, { max: 8, name, log });
  const queues = await openQueues({ redisUrl, databaseUrl, log });
  const post = openPost(smtpUrl, log);
  const workers = startWorkers({
    db,
    clock,
    queues,
    steps,
    post,
    log,
    connections: 5,
    sweepMs: 50,
    batch: 100,
  });
  return async () => {
    await workers.stop();
    await queues.close();
    await post.transport.close();
    await close(db);
  };
}
