// `voronka up` (npm start): everything in one process. Brings the ledger up to date, applies the definitions, works
// and serves until it is told to stop. The first time it makes an API key and shows how to use it.
import { createKey, hasKeys } from '../db/keys.ts';
import { steps } from '../steps/index.ts';
import { openQueues } from '../workers/queues.ts';
import { startWorkers } from '../workers/run.ts';
import { compileFolders, definitionsOf, type FolderOptions, tell } from './apply.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import type { Compiled } from './definitions.ts';
import { type Deps, withDeps } from './deps.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openMailIn } from './mail-in.ts';
import { carryOut } from './plan/carry-out.ts';
import { openCatcher, openPost } from './post.ts';
import { writeReport } from './report/weekly.ts';
import { sampleCall } from './sample.ts';
import { openSecrets } from './secret.ts';
import { type ExitCode, whenStopped } from './streams.ts';
import { choosePort, localUrl, openWeb } from './web.ts';

interface Options extends FolderOptions {
  readonly confirm?: boolean;
}

export const up = defineCommand<Options>({
  summary: 'migrate, apply, work and serve, all in one process',
  example: 'voronka up',
  options: (command) =>
    command
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are')
      .option('--confirm', 'apply also where more people are affected than confirm_over in policy.yaml'),
  run: async (options, _args, streams) => {
    const config = readConfig(streams.env);
    const compiled = await compileFolders(config, options);
    return withDeps(config, streams, (deps) => run(deps, compiled, options.confirm === true));
  },
});

async function run(deps: Deps, compiled: Compiled, isConfirmed: boolean): Promise<ExitCode> {
  const { config, closings, log, streams } = deps;
  // Asked first: a taken port should not cost a migration.
  const port = await choosePort(config, config.port);
  const publicUrl = config.publicUrl ?? localUrl(config, port);
  const ledger = await openLedger(deps, 'up', { isMigrating: true });
  const { db, clock, url } = ledger;
  const secrets = await openSecrets(config, db);
  const { revision } = await carryOut(
    { db, clock, streams },
    { definitions: definitionsOf(compiled), catalogue: compiled.catalogue },
    {
      plan: null,
      isConfirmed,
      most: compiled.catalogue.policy.confirmOver,
      confirming: 'read it, and start with `voronka up --confirm`',
    },
  );
  const queues = await openQueues({ redisUrl: config.redisUrl ?? undefined, databaseUrl: url, log });
  closings.add('queue', queues.close);
  const catcher = await openCatcher(deps);
  const post = openPost(deps, secrets, catcher, publicUrl);
  await openWeb(deps, { db, clock, queues, secrets, catcher, port, publicUrl });
  await openMailIn(deps, { db, clock, keys: secrets.links });
  const workers = startWorkers({
    db,
    clock,
    queues,
    steps,
    post,
    log,
    connections: config.smtpConnections,
    writeReport,
  });
  closings.add('workers', workers.stop);
  log.info({ revision, queue: queues.engine }, `${tell(compiled)} applied`);
  streams.out.write(await welcome(ledger, compiled, localUrl(config, port), catcher !== null));
  await whenStopped(streams.stop);
  return 0;
}

async function welcome(
  { db, clock }: Ledger,
  compiled: Compiled,
  here: string,
  isCatching: boolean,
): Promise<string> {
  const lines = [`Voronka is up: ${here}`, ...(isCatching ? [`Mail stays here:  ${here}/inbox`] : [])];
  if (await hasKeys(db)) lines.push('API keys exist; `voronka key create <name>` makes another.');
  else {
    const now = await clock.now();
    const secret = await createKey(db, { name: 'first', scope: 'ingest', now });
    lines.push(
      '',
      'The first API key, shown this once. Move a deal with it:',
      '',
      sampleCall(here, secret, compiled, now),
    );
  }
  return `${lines.join('\n')}\n\n`;
}
