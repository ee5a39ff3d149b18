// `voronka demo`: a season of a sales funnel, played through the public API on a fast clock: the same ledger, queue,
// workers and SMTP conversations as in production. It lives in a folder of its own, which goes when the demo does; its
// report stays. A season of the shipped workflows that does not bring what they promise is a failure.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFolders, type FolderOptions } from './apply.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import type { Compiled } from './definitions.ts';
import { askTwice } from './demo/double-opt-in.ts';
import { findGaps, findMissing, type Outcome } from './demo/outcome.ts';
import { drawOutcome } from './demo/outcome-print.ts';
import { type Script, type ScriptOptions, writeScript } from './demo/script.ts';
import { openTheatre, type Theatre } from './demo/theatre.ts';
import { type Deps, withDeps } from './deps.ts';
import { type ExitCode, whenStopped } from './streams.ts';

interface Options extends FolderOptions, ScriptOptions {
  readonly exit?: boolean;
  readonly json?: string;
  readonly report: string;
  readonly redis?: string;
}

const dayMs = 86_400_000;

export const demo = defineCommand<Options>({
  summary: 'play a season of a sales funnel on a fast clock, and show what came of it',
  example: 'voronka demo --exit --json out.json',
  options: (command) =>
    command
      .option('--exit', 'end when the season has, instead of staying for a look at the pages')
      .option('--json <file>', 'write the numbers')
      .option('--report <folder>', 'where the HTML report goes', 'demo-report')
      .option(
        '--events <file>',
        'play this history (NDJSON, an event of the API a line) instead of a generated one',
      )
      .option('--workflows <folder>', 'play with these workflows')
      .option('--templates <folder>', 'play with these templates')
      .option('--redis <url>', 'ring over this Redis')
      .option('--seed <text>', 'another seed, another season', '1')
      .option('--days <n>', 'how long the season is; with --events: how long to go on after the last event')
      .option('--leads <n>', 'how many people it brings')
      .option('--before <n>', 'how many people came in the year before it'),
  run: async (options, _args, streams) => {
    const env = options.redis === undefined ? streams.env : { ...streams.env, REDIS_URL: options.redis };
    // A season says much that is no news; problems are.
    const config = readConfig({ LOG_LEVEL: 'warn', ...env });
    const applied = await compileFolders(config, options);
    const compiled = options.events === undefined ? askTwice(applied) : applied;
    const script = await writeScript(options, compiled.catalogue);
    const home = await mkdtemp(join(tmpdir(), 'voronka-demo-'));
    const quiet: Config = { ...config, home, secrets: null, publicUrl: null };
    return withDeps(quiet, streams, async (deps) => {
      deps.closings.add('data folder', () => rm(home, { recursive: true, force: true }));
      return run(deps, compiled, script, options);
    });
  },
});

async function run(deps: Deps, compiled: Compiled, script: Script, options: Options): Promise<ExitCode> {
  const { streams, config } = deps;
  if (config.databaseUrl !== null)
    streams.err.write('The season is written into the database of DATABASE_URL, and stays there.\n');
  streams.err.write(tellBeginning(script, compiled));
  const theatre = await openTheatre(deps, compiled, script, options.seed);
  const outcome = await theatre.play();
  if (streams.stop.aborted) return 0;
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(outcome, null, 2)}\n`);
  const missing = findMissing(outcome);
  const reported = await theatre.report(options.report);
  const told = [
    ...tellEnd(theatre, outcome, script, missing),
    ...reported.map((path, i) => `${i === 0 ? 'Report' : '      '}    ${path}`),
    ...(options.exit ? [] : invite(theatre)),
  ];
  streams.out.write(`${drawOutcome(outcome)}\n\n${told.join('\n')}\n`);
  const gaps = [...findGaps(outcome), ...(isWhole(options) ? missing : [])];
  for (const gap of gaps) streams.err.write(`This does not add up: ${gap}.\n`);
  if (!options.exit) await whenStopped(streams.stop);
  return gaps.length === 0 ? 0 : 1;
}

/** Shorter, smaller or of other workflows, a season need not bring everything. */
function isWhole({ events, workflows, templates, days, leads, before }: Options): boolean {
  return [events, workflows, templates, days, leads, before].every((one) => one === undefined);
}

const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}`;

function tellBeginning({ startAt, endAt, past, cues, people }: Script, { plans }: Compiled): string {
  const days = Math.round((endAt - startAt) / dayMs);
  const who = people.length === 0 ? '' : ` of ${count(people.length, 'people')}`;
  const before = past.length === 0 ? '' : `, after a year of ${count(past.length, 'events')}`;
  return `A season of ${days} days: ${count(cues.length, 'events')}${who}${before}, through ${count(plans.length, 'workflows')}.\n`;
}

function tellEnd(
  theatre: Theatre,
  { seconds, contacts, mails, accepted }: Outcome,
  { startAt, endAt, cues }: Script,
  missing: readonly string[],
): string[] {
  const refused = theatre.refused();
  return [
    `${Math.round((endAt - startAt) / dayMs)} days, ${contacts} contacts and ${cues.length} events in ${seconds} s;`,
    accepted === null
      ? `${mails.sent} mails left.`
      : `${mails.sent} mails left, and the mail server took ${accepted}.`,
    ...(refused.length === 0 ? [] : [`${refused.length} events were refused, the first ones:`]),
    ...refused.slice(0, 5).map(({ id, path, reason }) => `  ${id}: ${path} ${reason}`),
    ...(missing.length === 0
      ? ['Every workflow was entered, and every mail and task of theirs came to pass.']
      : []),
    ...(missing.length === 0 ? [] : ['Not in this season:', ...missing.map((one) => `  ${one}`)]),
    '',
  ];
}

/** Where to look, as long as there is something to look at. */
function invite({ url, hasInbox }: Theatre): string[] {
  return [
    `Overview  ${url}`,
    `Contacts  ${url}/contacts`,
    ...(hasInbox ? [`Inbox     ${url}/inbox`] : []),
    '',
    'It goes on until Ctrl+C.',
  ];
}
