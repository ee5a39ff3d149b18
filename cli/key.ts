// `voronka key create|list|revoke|webhook`: the keys of the API, shown once and stored hashed, so that what is lost is
// revoked and made anew; and the key by which others know our calls.

import Table from 'cli-table3';
import { createKey, listKeys, revokeKeys, type Scope } from '../db/keys.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { openSecrets } from './secret.ts';
import { complaint } from './streams.ts';
import { plainTable } from './tables.ts';

const scopes: Readonly<Record<Scope, string>> = {
  ingest: 'send events',
  read: 'look at contacts, deals and pages',
  admin: 'everything',
};

const create = defineCommand<{ readonly scope: string; readonly json?: boolean }>({
  summary: 'make a key, and show it this once',
  example: 'voronka key create crm --scope ingest',
  options: (command) =>
    command
      .argument('[name]', 'what it is for', 'api')
      .option(
        '--scope <scope>',
        Object.entries(scopes)
          .map(([scope, may]) => `${scope} (${may})`)
          .join(', '),
        'ingest',
      )
      .option('--json', 'as JSON'),
  run: (options, [name = 'api'], streams) => {
    const scope = (Object.keys(scopes) as Scope[]).find((one) => one === options.scope);
    if (scope === undefined)
      throw complaint(2, `--scope is one of ${Object.keys(scopes).join(', ')}, not ${options.scope}`);
    return withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'key', { isGuest: true });
      const secret = await createKey(db, { name, scope, now: await clock.now() });
      streams.out.write(options.json ? `${JSON.stringify({ name, scope, secret })}\n` : `${secret}\n`);
      return 0;
    });
  },
});

const list = defineCommand<{ readonly json?: boolean }>({
  summary: 'list the keys, without their secrets',
  example: 'voronka key list',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'key', { isGuest: true });
      const keys = await listKeys(db);
      if (json) {
        streams.out.write(`${JSON.stringify(keys, null, 2)}\n`);
        return 0;
      }
      const table = new Table({ ...plainTable, head: ['name', 'scope', 'begins with', 'made', 'revoked'] });
      const day = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
      for (const key of keys)
        table.push([key.name, key.scope, `vk_${key.prefix}`, day(key.createdAt), day(key.revokedAt)]);
      streams.out.write(`${table.toString()}\n`);
      return 0;
    }),
});

const revoke = defineCommand<{ readonly json?: boolean }>({
  summary: 'revoke every key of that name, at once',
  example: 'voronka key revoke crm',
  options: (command) => command.argument('<name>', 'as in the list').option('--json', 'as JSON'),
  run: ({ json }, [name = ''], streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'key', { isGuest: true });
      const revoked = await revokeKeys(db, name, await clock.now());
      if (revoked === 0)
        throw complaint(1, `There is no live key named "${name}": \`voronka key list\` shows them.`);
      const keys = revoked === 1 ? 'the key' : `${revoked} keys`;
      streams.out.write(json ? `${JSON.stringify({ name, revoked })}\n` : `Revoked ${keys} named ${name}.\n`);
      return 0;
    }),
});

const webhook = defineCommand<{ readonly json?: boolean }>({
  summary: 'show the key that calls are signed with, newest first',
  example: 'voronka key webhook',
  options: (command) => command.option('--json', 'as JSON'),
  run: ({ json }, _args, streams) => {
    const config = readConfig(streams.env);
    return withDeps(config, streams, async (deps) => {
      const { db } = await openLedger(deps, 'key', { isGuest: true });
      const { webhooks } = await openSecrets(config, db);
      const keys = (config.webhookKeys ?? webhooks).map((one) => `whsec_${one.toString('base64')}`);
      streams.out.write(json ? `${JSON.stringify(keys)}\n` : `${keys.join('\n')}\n`);
      return 0;
    });
  },
});

export const key = defineCommand({
  summary: 'make, list and revoke the keys of the API',
  example: 'voronka key create crm',
  commands: { create, list, revoke, webhook },
});
