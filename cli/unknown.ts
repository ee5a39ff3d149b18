// `voronka unknown list`: the mails of which nobody can say whether they left, because a worker died between the last
// dot and the reply. They are never sent again by themselves; a person looks, and the contact's page says the rest.
import Table from 'cli-table3';
import { listUnknown } from '../db/reports.ts';
import { settleUnknown } from '../db/unknown.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';
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

const settle = defineCommand<{
  readonly sent?: boolean;
  readonly notSent?: boolean;
  readonly because?: string;
}>({
  summary: 'say what became of some: they count as sent, or they are sent again',
  example: 'voronka unknown settle 17 18 --sent --because "in the relay log"',
  options: (command) =>
    command
      .argument('<ids...>', 'as in the list')
      .option('--sent', 'they have left')
      .option('--not-sent', 'they have not left: they go back to the queue')
      .option('--because <reason>', 'how it is known'),
  run: ({ sent = false, notSent = false, because }, ids, streams) => {
    if (sent === notSent) throw complaint(2, 'Say one of --sent and --not-sent.');
    const wrong = ids.filter((id) => !/^\d{1,18}$/.test(id));
    if (wrong.length > 0)
      throw complaint(2, `No ids: ${wrong.join(', ')}; \`voronka unknown list\` shows them.`);
    return withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'unknown', { isGuest: true });
      const now = await clock.now();
      const settled = await settleUnknown(db, { ids, isSent: sent, because: because ?? null, now });
      streams.out.write(`${settled.length} settled as ${sent ? 'sent' : 'not sent'}.\n`);
      const left = ids.filter((id) => !settled.includes(id));
      if (left.length > 0) throw complaint(1, `Not unknown, so left as they are: ${left.join(', ')}`);
      return 0;
    });
  },
});

export const unknown = defineCommand({
  summary: 'mails of which nobody can say whether they left',
  example: 'voronka unknown list',
  commands: { list, settle },
});
