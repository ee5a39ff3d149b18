// `voronka unknown list`: the mails of which nobody can say whether they left, because a worker died between the last
// dot and the reply. They are never sent again by themselves; a person looks, and the contact's page says the rest.
import Table from 'cli-table3';
import { listUnknown } from '../db/reports.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { plainTable } from './tables.ts';

const most = 1_000;

const list = defineCommand<{ readonly json?: boolean }>({
  summary: `list them, the oldest first, at most ${most}`,
  example: 'voronka unknown list --json',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'unknown', { isGuest: true });
      const unknown = await listUnknown(db, most);
      if (json) streams.out.write(`${JSON.stringify(unknown, null, 2)}\n`);
      else if (unknown.length === 0) streams.out.write('None: of every mail it is known whether it left.\n');
      else {
        const table = new Table({
          ...plainTable,
          head: ['mail', 'contact', 'workflow', 'step', 'since', 'why'],
        });
        for (const { id, contactKey, workflow, node, settledAt, why } of unknown)
          table.push([id, contactKey, workflow, node, new Date(settledAt).toISOString(), why]);
        streams.out.write(`${table.toString()}\n`);
      }
      return 0;
    }),
});

export const unknown = defineCommand({
  summary: 'mails of which nobody can say whether they left',
  example: 'voronka unknown list',
  commands: { list },
});
