// `voronka backtest <workflow> --since 90d`: the workflow as it is in the files, over the past that the ledger holds or a
// file of events. Says who would have entered and what they would have been sent, beside what happened. Writes nothing.
import { readPast } from '../db/past.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import { longestMs, parseDuration } from '../engine/duration.ts';
import { link } from '../engine/link.ts';
import { isTimed } from '../engine/phrase.ts';
import type { Plan, Program } from '../engine/plan.ts';
import { suggest } from '../engine/spelling.ts';
import { steps } from '../steps/index.ts';
import { livesOf, readEvents } from './backtest-file.ts';
import { type Life, toLife, type Window } from './backtest-life.ts';
import { openTally, replay, type Tally } from './backtest-tally.ts';
import { tellBacktest, toJson } from './backtest-tell.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Checked, checkSources, readSources } from './definitions.ts';
import { type Deps, withDeps } from './deps.ts';
import { findFolder } from './folders.ts';
import { formats } from './formats.ts';
import { openLedger } from './ledger.ts';
import { complaint, type Streams } from './streams.ts';

interface Options {
  readonly since: string;
  readonly events?: string;
  readonly json?: boolean;
  readonly workflows?: string;
  readonly templates?: string;
}

const batch = 500;

export const backtest = defineCommand<Options>({
  summary: 'replay the past through a workflow: who would have entered, and what they would have got',
  example: 'voronka backtest qualification-nurture --since 90d',
  options: (command) =>
    command
      .argument('<workflow>', 'its name')
      .option('--since <duration>', 'how far back: 90d, 6 months, or a day such as 2026-01-01', '90d')
      .option('--events <file>', 'instead of the ledger: bodies of POST /v1/events, one a line')
      .option('--json', 'as JSON')
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are'),
  run: async (options, [name = ''], streams) => {
    const config = readConfig(streams.env);
    const compiled = checkSources(
      readSources(
        findFolder(options.workflows ?? config.workflows, 'workflows'),
        findFolder(options.templates ?? config.templates, 'templates'),
      ),
    );
    const plan = findPlan(name, compiled);
    return withDeps(config, streams, async (deps) => {
      const program = link([plan], [plan.hash], steps, compiled.catalogue);
      const isFromFile = options.events !== undefined;
      const { tally, since, until } = isFromFile
        ? replayFile(options.events ?? '', plan, program, options, streams)
        : await replayLedger(plan, program, options, deps);
      const told = { workflow: plan.workflow, since, until, tally, isFromFile };
      streams.out.write(options.json ? `${JSON.stringify(toJson(told), null, 2)}\n` : tellBacktest(told));
      return 0;
    });
  },
});

interface Replayed {
  readonly tally: Tally;
  readonly since: number;
  readonly until: number;
}

function findPlan(name: string, { plans, diagnostics, files }: Checked): Plan {
  const plan = plans.find((one) => one.workflow === name);
  if (plan !== undefined) return plan;
  if (hasErrors(diagnostics)) throw complaint(1, formats.text?.(diagnostics, files) ?? '');
  const names = plans.map((one) => one.workflow);
  throw complaint(2, `There is no workflow "${name}": ${suggest(name, names) ?? 'the folder has none'}`);
}

function readSince(said: string, now: number): number {
  const duration = parseDuration(said);
  if (duration !== null && longestMs(duration) > 0) return now - longestMs(duration);
  const day = /^\d{4}-\d\d-\d\d/.test(said) ? Date.parse(said) : Number.NaN;
  if (Number.isFinite(day) && day < now) return day;
  throw complaint(
    2,
    `--since "${said}" is neither a duration nor a day that has passed: write 90d, or 2026-01-01`,
  );
}

/** The end is that of the last event: what came after is not in the file. */
function replayFile(
  path: string,
  plan: Plan,
  program: Program,
  options: Options,
  { err }: Streams,
): Replayed {
  const inputs = readEvents(path, program.catalogue, Date.now());
  const until = inputs.at(-1)?.at ?? 0;
  const since = inputs.length === 0 ? 0 : readSince(options.since, until + 1);
  const tally = openTally();
  const told = teller(err, tally);
  for (const life of livesOf(inputs, program.catalogue, since)) {
    replay(tally, life, program, until, isTimed(plan.enter.when));
    told();
  }
  return { tally, since, until };
}

async function replayLedger(plan: Plan, program: Program, options: Options, deps: Deps): Promise<Replayed> {
  const { db, clock } = await openLedger(deps, 'backtest', { isGuest: true });
  const until = await clock.now();
  const since = readSince(options.since, until);
  const tally = openTally();
  const told = teller(deps.streams.err, tally);
  const { workflow } = plan;
  const window: Window = { workflow, since, catalogue: program.catalogue };
  for (let afterId = '0'; ; ) {
    const past = await readPast(db, { workflow, since, until, afterId, limit: batch });
    const lives: Life[] = past.map((one) => toLife(one, window));
    for (const life of lives) {
      replay(tally, life, program, until, isTimed(plan.enter.when));
      told();
    }
    const last = past.at(-1);
    if (last === undefined || past.length < batch) return { tally, since, until };
    afterId = last.id;
  }
}

function teller(err: Streams['err'], tally: Tally): () => void {
  return () => {
    if (tally.contacts % 2000 === 0) err.write(`${tally.contacts} contacts, ${tally.events} events\n`);
  };
}
