// `voronka work`: the workers alone, as many processes as there is work for. `--only deliver` and the like split them
// by what they do. Reads no definitions: what was applied is in the ledger.
import { steps } from '../steps/index.ts';
import { openQueues } from '../workers/queues.ts';
import { type Role, roles, startWorkers } from '../workers/run.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { openCatcher, openPost } from './post.ts';
import { writeReport } from './report/weekly.ts';
import { openSecrets } from './secret.ts';
import { complaint, whenStopped } from './streams.ts';
import { localUrl } from './web.ts';

interface Options {
  readonly only?: string;
}

export const work = defineCommand<Options>({
  summary: 'do what is due: advance contacts, deliver mail, sweep',
  example: 'voronka work --only advance,sweep',
  options: (command) =>
    command.option('--only <roles>', `some of ${roles.join(',')}; without it all of them`),
  run: async ({ only }, _args, streams) => {
    const config = readConfig(streams.env);
    const chosen = only === undefined ? roles : readRoles(only);
    return withDeps(config, streams, async (deps) => {
      const { closings, log } = deps;
      const { db, clock, url } = await openLedger(deps, 'work');
      const secrets = await openSecrets(config, db);
      const queues = await openQueues({ redisUrl: config.redisUrl ?? undefined, databaseUrl: url, log });
      closings.add('queue', queues.close);
      if (config.smtpUrl === null && chosen.includes('deliver'))
        log.warn('SMTP_URL is not set: mail is caught in this process, and kept in VORONKA_HOME/inbox');
      const publicUrl = config.publicUrl ?? localUrl(config, config.port);
      const post = openPost(deps, secrets, await openCatcher(deps), publicUrl);
      const { smtpConnections: connections } = config;
      const workers = startWorkers({ db, clock, queues, steps, post, log, connections, writeReport }, chosen);
      closings.add('workers', workers.stop);
      log.info({ roles: chosen, queue: queues.engine }, 'working');
      await whenStopped(streams.stop);
      return 0;
    });
  },
});

function readRoles(text: string): Role[] {
  return text.split(',').map((word) => {
    const role = roles.find((one) => one === word.trim());
    if (role === undefined)
      throw complaint(2, `--only takes some of ${roles.join(',')}, and not "${word.trim()}"`);
    return role;
  });
}
