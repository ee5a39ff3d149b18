// `voronka migrate`: brings the ledger up to this program and says what it did. Safe to run by several at once.
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';

interface Options {
  readonly json?: boolean;
}

export const migrate = defineCommand<Options>({
  summary: 'bring the ledger up to this version of the program',
  example: 'DATABASE_URL=postgres://... voronka migrate',
  options: (command) => command.option('--json', 'as JSON'),
  run: (options, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { migrated } = await openLedger(deps, 'migrate', { isMigrating: true, isGuest: true });
      if (options.json) streams.out.write(`${JSON.stringify({ applied: migrated })}\n`);
      else if (migrated.length === 0) streams.out.write('The ledger is up to date.\n');
      else streams.out.write(`${['Applied:', ...migrated].join('\n  ')}\n`);
      return 0;
    }),
});
