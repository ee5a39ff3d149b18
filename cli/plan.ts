// `voronka plan`: what applying the folders would do, in steps and in people, and the name under which exactly that is
// carried out. Changes nothing. 0: fine, or nothing to do; 1: refused.
import { compileFolders, definitionsOf, type FolderOptions } from './apply.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { drawPlan } from './plan/draw.ts';
import { countOf, printPlan } from './plan/print.ts';

interface Options extends FolderOptions {
  readonly json?: boolean;
}

export const plan = defineCommand<Options>({
  summary: 'say what applying the folders would do, in steps and in people',
  example: 'voronka plan --workflows workflows',
  options: (command) =>
    command
      .option('--workflows <folder>', 'where the workflows are')
      .option('--templates <folder>', 'where the templates are')
      .option('--json', 'as JSON'),
  run: async (options, _args, streams) => {
    const config = readConfig(streams.env);
    const compiled = await compileFolders(config, options);
    return withDeps(config, streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'plan', { isGuest: true });
      const { catalogue } = compiled;
      const drawn = await drawPlan(db, definitionsOf(compiled), catalogue, await clock.now());
      const { ground: _, ...told } = drawn;
      streams.out.write(
        options.json ? `${JSON.stringify(told, null, 2)}\n` : printPlan(drawn, streams.out.isTTY === true),
      );
      const { confirmOver } = catalogue.policy;
      if (!options.json && drawn.refusals.length === 0 && drawn.affected > confirmOver)
        streams.out.write(`Over ${countOf(confirmOver)} people: apply asks for --confirm.\n`);
      return drawn.refusals.length > 0 ? 1 : 0;
    });
  },
});
