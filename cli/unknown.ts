// `voronka unknown list`: the mails of which nobody can say whether they left, because a worker died between the last
// dot and the reply. They are never sent again by themselves; a person looks, and the contact's page says the rest.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import type { Db } from '../db/connect.ts';
import { readDeclarations } from '../db/plans.ts';
import { listUnknown, type UnknownDelivery } from '../db/reports.ts';
import { settleUnknown } from '../db/unknown.ts';
import { identify } from '../mail/identity.ts';
import { messageIdOf } from '../mail/marks.ts';
import { toCatalogue } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Deps, withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { openSecrets } from './secret.ts';
import { complaint } from './streams.ts';
import { moment, plainTable } from './tables.ts';

const most = 1_000;

const advice =
  'Look for the Message-ID in the log of the mail server. If it is there: voronka unknown settle <mail> --sent; if it is\n' +
  'not: voronka unknown settle <mail> --not-sent, and it goes out again.';

/** As it was sent; null where the secret is not at hand by which it was made. */
async function openMessageIds({ config }: Deps, db: Db): Promise<(mail: UnknownDelivery) => string | null> {
  if (config.secrets === null && !existsSync(join(config.home, 'secret'))) return () => null;
  const { links: keys } = await openSecrets(config, db);
  const { policy } = toCatalogue(await readDeclarations(db));
  return ({ id, topic }) =>
    messageIdOf(id, { keys, domain: identify(config.identity, policy, topic).domain });
}

const list = defineCommand<{ readonly json?: boolean }>({
  summary: `list them, the oldest first, at most ${most}`,
  example: 'voronka unknown list --json',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'unknown', { isGuest: true });
      const messageIdOf = await openMessageIds(deps, db);
      const unknown = (await listUnknown(db, most)).map((one) => ({ ...one, messageId: messageIdOf(one) }));
      if (json) streams.out.write(`${JSON.stringify(unknown, null, 2)}\n`);
      else if (unknown.length === 0) streams.out.write('None: of every mail it is known whether it left.\n');
      else {
        const head = ['mail', 'contact', 'workflow', 'step', 'since', 'Message-ID', 'why'];
        const table = new Table({ ...plainTable, head });
        for (const { id, contactKey, workflow, node, settledAt, messageId, why } of unknown)
          table.push([
            id,
            contactKey ?? '(erased)',
            workflow,
            node,
            moment(settledAt),
            messageId ?? '-',
            why,
          ]);
        streams.out.write(`${table.toString()}\n\n${advice}\n`);
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
