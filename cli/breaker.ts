// `voronka breaker list|reset`: what complaints or bounces have warned of or paused, and the hand that lets it go on.
import Table from 'cli-table3';
import { listBreakers, resetBreakers } from '../db/breakers.ts';
import { suggest } from '../engine/spelling.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';
import { moment, plainTable } from './tables.ts';

const list = defineCommand<{ readonly json?: boolean }>({
  summary: 'list the workflows and senders that are warned of or paused',
  example: 'voronka breaker list --json',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'breaker', { isGuest: true });
      const breakers = await listBreakers(db);
      if (json) streams.out.write(`${JSON.stringify(breakers, null, 2)}\n`);
      else if (breakers.length === 0)
        streams.out.write('None: complaints and bounces are under the bounds of policy.yaml.\n');
      else {
        const table = new Table({ ...plainTable, head: ['what', 'state', 'since', 'why'] });
        for (const { scope, state, at, why } of breakers) table.push([scope, state, moment(at), why]);
        streams.out.write(`${table.toString()}\n`);
      }
      return 0;
    }),
});

const reset = defineCommand({
  summary: 'let the mails of a workflow or a sender go on, and count from now',
  example: 'voronka breaker reset workflow:welcome',
  options: (command) => command.argument('<scopes...>', 'as in the list'),
  run: (_options, scopes, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'breaker', { isGuest: true });
      const known = (await listBreakers(db)).map((one) => one.scope);
      const freed = await resetBreakers(db, scopes, await clock.now());
      for (const scope of freed) streams.out.write(`${scope} goes on.\n`);
      const unknown = scopes.filter((scope) => !freed.includes(scope));
      if (unknown.length === 0) return 0;
      const told = unknown.map(
        (scope) =>
          `Nothing is warned of or paused as "${scope}": ${suggest(scope, known) ?? 'the list is empty'}`,
      );
      throw complaint(1, told.join('\n'));
    }),
});

export const breaker = defineCommand({
  summary: 'what complaints and bounces have paused',
  example: 'voronka breaker list',
  commands: { list, reset },
});
