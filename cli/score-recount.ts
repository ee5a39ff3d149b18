// `voronka score progress` and `voronka score recount`: how far counting anew has come after the rules were changed, and
// doing it at once, here, instead of waiting for the workers' sweep.
import { readRescan } from '../db/rescans.ts';
import { steps } from '../steps/index.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { rescanAll } from '../workers/rescan.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';

interface Options {
  readonly json?: boolean;
}

export const progress = defineCommand<Options>({
  summary: 'how far counting anew has come since the rules were changed',
  example: 'voronka score progress',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'score', { isGuest: true });
      const rescan = await readRescan(db);
      if (json) streams.out.write(`${JSON.stringify(rescan)}\n`);
      else if (rescan === null) streams.out.write('Nothing is scored: no scores.yaml was ever applied.\n');
      else
        streams.out.write(
          `${rescan.done} of ${rescan.contacts} contacts are counted${rescan.finishedAt === null ? '' : ': all of them'}.\n`,
        );
      return 0;
    }),
});

export const recount = defineCommand<Options>({
  summary: 'count the scores anew now, as far as that is not done',
  example: 'voronka score recount',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'score', { isGuest: true });
      const { log } = deps;
      const definitions = watchDefinitions(steps);
      // Whom it takes across a threshold is due now: the sweep of the workers finds them.
      const isStopping = () => streams.stop.aborted;
      const shared = { db, clock, definitions, log, isStopping, ring: async () => undefined };
      await rescanAll({ ...shared, batch: 1_000, everyMs: 0 }, (done, contacts) => {
        if (streams.err.isTTY) streams.err.write(`\r${done} of ${contacts} contacts`);
      });
      if (streams.err.isTTY) streams.err.write('\r\u001b[K');
      const rescan = await readRescan(db);
      if (json) streams.out.write(`${JSON.stringify(rescan)}\n`);
      else streams.out.write(`${rescan?.done ?? 0} contacts are counted by the rules that are applied.\n`);
      return 0;
    }),
});
