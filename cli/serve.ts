// `voronka serve`: the API and the pages alone. Mail is another process's affair, so there is no inbox here.
import { openQueues } from '../workers/queues.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { openMailIn } from './mail-in.ts';
import { openSecrets } from './secret.ts';
import { whenStopped } from './streams.ts';
import { choosePort, localUrl, openWeb } from './web.ts';

export const serve = defineCommand({
  summary: 'answer the API and show the pages',
  example: 'PORT=8080 voronka serve',
  run: async (_options, _args, streams) => {
    const config = readConfig(streams.env);
    return withDeps(config, streams, async (deps) => {
      const { closings, log } = deps;
      const port = await choosePort(config, config.port);
      const { db, clock, url } = await openLedger(deps, 'serve');
      const secrets = await openSecrets(config, db);
      const queues = await openQueues({ redisUrl: config.redisUrl ?? undefined, databaseUrl: url, log });
      closings.add('queue', queues.close);
      const here = localUrl(config, port);
      await openWeb(deps, {
        db,
        clock,
        queues,
        secrets,
        catcher: null,
        port,
        publicUrl: config.publicUrl ?? here,
      });
      await openMailIn(deps, { db, clock, keys: secrets.links });
      log.info({ queue: queues.engine }, `serving on ${here}`);
      await whenStopped(streams.stop);
      return 0;
    });
  },
});
