// `voronka demo`: a season of a sales funnel, played through the public API on a fast clock: the same ledger, queue,
// workers and SMTP conversations as in production. It lives in a folder of its own, which goes when the demo does.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFolders, type FolderOptions } from './apply.ts';
import { defineCommand } from './command.ts';
import { type Config, readConfig } from './config.ts';
import type { Compiled } from './definitions.ts';
import { drawOutcome, findGaps, type Outcome } from './demo/outcome.ts';
import { type Script, type ScriptOptions, writeScript } from './demo/script.ts';
import { openTheatre, type Theatre } from './demo/theatre.ts';
import { type Deps, withDeps } from './deps.ts';
import { type ExitCode, whenStopped } from './streams.ts';

interface Options extends FolderOptions, ScriptOptions {
  readonly exit?: boolean;
  readonly json?: string;
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
      .option(
        '--events <file>',
        'play this history (NDJSON, an event of the API a line) instead of a generated one',
      )
      .option('--workflows <folder>', 'play with these workflows')
      .option('--templates <folder>', 'play with these templates')
      .option('--redis <url>', 'ring over this Redis')
      .option('--seed <text>', 'another seed, another season', '1')
      .option('--days <n>', 'how long the season is; with --events: how long to go on after the last event')
      .option('--leads <n>', 'how many people it brings', '360'),
  run: async (options, _args, streams) => {
    const env = options.redis === undefined ? streams.env : { ...streams.env, REDIS_URL: options.redis };
    // A season says much that is no news; problems are.
    const config = readConfig({ LOG_LEVEL: 'warn', ...env });
    const compiled = await compileFolders(config, options);
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
  const theatre = await openTheatre(deps, compiled, script, options.seed);
  const outcome = await theatre.play();
  if (streams.stop.aborted) return 0;
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(outcome, null, 2)}\n`);
  const gaps = findGaps(outcome);
  const told = [...tell(theatre, outcome, script), ...(options.exit ? [] : invite(theatre))];
  streams.out.write(`${drawOutcome(outcome)}\n\n${told.join('\n')}\n`);
  for (const gap of gaps) streams.err.write(`This does not add up: ${gap}.\n`);
  if (!options.exit) await whenStopped(streams.stop);
  return gaps.length === 0 ? 0 : 1;
}

function tell(theatre: Theatre, { seconds, contacts }: Outcome, { startAt, endAt, cues }: Script): string[] {
  const refused = theatre.refused();
  return [
    `${Math.round((endAt - startAt) / dayMs)} days, ${contacts} contacts and ${cues.length} events in ${seconds} s;`,
    `${theatre.left()} people left by the link in a mail.`,
    ...(refused.length === 0 ? [] : [`${refused.length} events were refused, the first ones:`]),
    ...refused.slice(0, 5).map(({ id, path, reason }) => `  ${id}: ${path} ${reason}`),
  ];
}

/** Where to look, as long as there is something to look at. */
function invite({ url, hasInbox }: Theatre): string[] {
  return ['', `Overview  ${url}`, ...(hasInbox ? [`Inbox     ${url}/inbox`] : [])];
}
