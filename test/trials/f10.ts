// F10: what a CRM does in its worse hours: every event ten times at once, in any order, in batches that hold the same one
// twice; all of it again after 30 days; and the same CSV imported again and again. Judged by the answers, by the sink's record
// and by the rows of the ledger: everybody entered once, and was written to once.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { openFastClock } from '../../cli/clock.ts';
import { main } from '../../cli/main.ts';
import { databaseClock } from '../../db/connect.ts';
import type { EventResult } from '../../db/event-input.ts';
import { steps } from '../../steps/index.ts';
import { buildServer } from '../../web/server.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, roles, startParts } from '../../workers/run.ts';
import { openTerminal } from '../cli/terminal.ts';
import { calmPolicyFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { dayMs, hourMs } from '../harness/factories.ts';
import { openPost } from '../harness/post.ts';
import { startSink } from '../harness/sink.ts';
import { makeWebDeps } from '../harness/web-deps.ts';
import { type Dice, openDice } from './dice.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';
import { untilIdle } from './until-idle.ts';

const longForm = { deals: 1_000, copies: 10, rows: 1_000 };
type RepeatTrial = typeof longForm & { readonly seed: number };

export interface RepeatReport {
  readonly [figure: string]: unknown;
  /** Told apart by their ids, and how often they were sent in all. */
  readonly events: number;
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Ids that were accepted twice, or never. */
  readonly answeredWrong: number;
  readonly runs: number;
  /** Deals that entered a workflow twice, or not the one of the stage that they stand in. */
  readonly enteredTwice: number;
  readonly missing: number;
  /** The same, of mails at the sink. */
  readonly mailedTwice: number;
  readonly unmailed: number;
  /** Deals that do not stand where their latest event says, or whose history has a stage twice. */
  readonly misplaced: number;
  /** Events that the first import of the file wrote. */
  readonly imported: number;
  /** What the second and third import of the same file wrote. */
  readonly importedAgain: number;
}

/** Whoever comes to a stage enters, however often that is: only the events' own ids stand against entering twice. */
const entering = (name: string, stage: string, template: string) => ({
  path: `${name}.yaml`,
  text: `workflow: ${name}
description: Writes to whoever comes to ${stage}
owner: marketing@acme.example
enter:
  when: deal.stage enters "${stage}"
  again: always
topic: marketing
steps:
  - id: letter
    send: ${template}
`,
});
const workflows = [
  pipelinesFile,
  calmPolicyFile,
  entering('greeting', 'Lead', 'hello'),
  entering('offering', 'Proposal', 'again'),
];

/** What a key may send in a second is no part of this. */
const noRate = { perSecond: 1e6, burst: 1e6 };

export async function runRepeats(ground: Ground, trial: RepeatTrial): Promise<RepeatReport> {
  const { db, databaseUrl, redisUrl } = ground;
  const log = pino({ level: 'silent' });
  const dice = openDice(trial.seed);
  const clock = openFastClock(await databaseClock(db).now());
  await useDefinitions(db, 0, workflows);
  const sink = await startSink({ keepBodies: true });
  const queues = await openQueues({ redisUrl, databaseUrl, log });
  const made = await makeWebDeps(db, { clock, log, ring: queues.ring, limits: { rate: noRate } });
  const server = buildServer(made.deps);
  const post = openPost(sink.url, log);
  const workers = startParts(
    partsOf({ db, clock, queues, steps, post, log, connections: 5, sweepMs: 100 }),
    roles,
  );
  const answers = new Map<string, string[]>();

  /** Eight requests at a time, each with some of them. */
  async function tell(events: readonly Told[]): Promise<void> {
    const waiting = [...events];
    const go = async () => {
      for (let batch = waiting.splice(0, 1 + dice.below(20)); batch.length > 0; ) {
        const headers = { authorization: `Bearer ${made.keys.ingest}` };
        const post = () => server.inject({ method: 'POST', url: '/v1/events', headers, payload: batch });
        let answer = await post();
        // "Nothing was taken. Try again": a sender does, a few times.
        for (let tries = 1; answer.statusCode === 503 && tries < 5; tries += 1) answer = await post();
        if (answer.statusCode !== 202)
          throw new Error(`the events were answered with ${answer.statusCode}: ${answer.body}`);
        const { results } = answer.json<{ results: EventResult[] }>();
        for (const { id, status } of results) answers.set(id, [...(answers.get(id) ?? []), status]);
        batch = waiting.splice(0, 1 + dice.below(20));
      }
    };
    await Promise.all(Array.from({ length: 8 }, go));
    await untilIdle(db, clock.at());
  }

  try {
    const events = makeEvents(trial.deals, clock.at());
    const copies = Array.from({ length: trial.copies }, () => events).flat();
    await tell(shuffle(copies, dice));
    const imported = await importTimes(2, trial.rows, databaseUrl, () => untilIdle(db, clock.at()));
    clock.moveTo(clock.at() + 30 * dayMs);
    await tell(shuffle([...events, ...events], dice));
    const again = await importTimes(1, trial.rows, databaseUrl, () => untilIdle(db, clock.at()));
    const statuses = [...answers.values()];
    const subjects = sink.accepted.map(({ to, raw }) => `${to} ${/^Subject: (\w+)/m.exec(raw ?? '')?.[1]}`);
    return {
      events: events.length,
      sent: copies.length + events.length * 2,
      accepted: statuses.flat().filter((one) => one === 'accepted').length,
      duplicates: statuses.flat().filter((one) => one === 'duplicate').length,
      answeredWrong: statuses.filter((of) => of.filter((one) => one === 'accepted').length !== 1).length,
      ...(await judgeLedger(db)),
      mailedTwice: subjects.length - new Set(subjects).size,
      unmailed: trial.deals + trial.rows - new Set(subjects.filter((one) => one.endsWith(' again'))).size,
      imported: imported[0] ?? 0,
      importedAgain: imported
        .slice(1)
        .concat(again)
        .reduce((sum, one) => sum + one, 0),
    };
  } finally {
    await workers.stop();
    await queues.close();
    await post.transport.close();
    await server.close();
    await sink.close();
  }
}

type Told = ReturnType<typeof makeEvent>;

function makeEvents(deals: number, now: number): Told[] {
  return Array.from({ length: deals }, (_, n) => [
    makeEvent(n, 'Lead', now - 2 * hourMs),
    makeEvent(n, 'Proposal', now - hourMs),
  ]).flat();
}

function makeEvent(n: number, stage: string, at: number) {
  return {
    ...{ id: `crm-${n}-${stage}`, type: 'deal.stage_changed', at: new Date(at).toISOString() },
    contact: { id: `c-${n}`, email: `c-${n}@acme.example`, consent: { marketing: true } },
    deal: { id: `d-${n}`, pipeline: 'sales', stage },
  };
}

/** Fisher and Yates's. */
function shuffle<T>(of: readonly T[], dice: Dice): T[] {
  const all = [...of];
  for (let n = all.length - 1; n > 0; n -= 1) {
    const other = dice.below(n + 1);
    [all[n], all[other]] = [all[other] as T, all[n] as T];
  }
  return all;
}

const map = `import: deals
name: crm
contact:
  id: account
  email: email
  consent.marketing: agreed
deal:
  id: id
stages:
  - { stage: Lead, at: lead }
  - { stage: Proposal, at: proposal }
`;

/** Answers how many events each time wrote. */
async function importTimes(
  times: number,
  rows: number,
  databaseUrl: string,
  rest: () => Promise<void>,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-f10-'));
  const lines = Array.from(
    { length: rows },
    (_, n) => `csv-${n},csv-${n},csv-${n}@acme.example,yes,2026-01-12,2026-01-19`,
  );
  await writeFile(join(folder, 'deals.csv'), `id,account,email,agreed,lead,proposal\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'map.yaml'), map);
  const written: number[] = [];
  try {
    for (let n = 0; n < times; n += 1) {
      const terminal = openTerminal({
        ...{ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', VORONKA_HOME: folder },
        VORONKA_SECRET: 's'.repeat(48),
      });
      const argv = ['deals', join(folder, 'deals.csv'), '--map', join(folder, 'map.yaml')];
      const code = await main(['import', ...argv, '--apply', '--enter', '--json'], terminal.streams);
      if (code !== 0) throw new Error(`the import ended with ${code}: ${terminal.err()}${terminal.out()}`);
      written.push((JSON.parse(terminal.out()) as { events: number }).events);
      await rest();
    }
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All that entered stands at Proposal, by one Lead and one Proposal, with one run in its workflow. */
async function judgeLedger(db: Ground['db']) {
  const { rows } = await sql<{ runs: number; enteredTwice: number; missing: number; misplaced: number }>`
    with entered as (select workflow, deal_id, count(*) as times from runs group by 1, 2)
    select (select count(*)::int from runs) as runs,
      (select count(*)::int from entered where times > 1) as "enteredTwice",
      (select count(*)::int from deals where not exists
        (select 1 from entered where deal_id = deals.id and workflow = 'offering')) as missing,
      (select count(*)::int from deals where stage <> 'Proposal' or 2 <>
        (select count(*) from stage_history where deal_id = deals.id)) as misplaced`.execute(db);
  const [counted] = rows;
  if (counted === undefined) throw new Error('the ledger counts nothing');
  return counted;
}

export const isRepeatMet = (report: RepeatReport): boolean =>
  report.accepted === report.events &&
  report.duplicates === report.sent - report.events &&
  report.imported > 0 &&
  [report.answeredWrong, report.enteredTwice, report.missing, report.mailedTwice].every((n) => n === 0) &&
  [report.unmailed, report.misplaced, report.importedAgain].every((n) => n === 0);

export const f10 = defineTrial({
  name: 'F10',
  says: 'every event ten times at once, reordered, all of it again after 30 days, the same CSV three times: entered once',
  options: longForm,
  run: (options, ground): Promise<RepeatReport> => runRepeats(ground, options),
  isMet: isRepeatMet,
});
