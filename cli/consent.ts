// `voronka consent show <contact>`: the proof of what a contact said yes and no to: when, how, where, in answer to which
// words, from which mail. As a table for a person, as JSON for whoever has to be shown it.
import Table from 'cli-table3';
import { readConsents } from '../db/consents.ts';
import { findContact } from '../db/contacts.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';
import { plainTable } from './tables.ts';

const show = defineCommand<{ readonly json?: boolean }>({
  summary: 'all that is on record of a contact, oldest first',
  example: 'voronka consent show c-17 --json > proof.json',
  options: (command) =>
    command
      .argument('<contact>', 'your own id of the contact')
      .option('--json', 'as JSON, with the words that were shown'),
  run: ({ json }, [key = ''], streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db } = await openLedger(deps, 'consent', { isGuest: true });
      const contact = await findContact(db, key);
      if (contact === null)
        throw complaint(1, `There is no contact "${key}": give the id that your events use.`);
      const log = await readConsents(db, contact.id);
      if (json) {
        const consents = log.map(({ at, recordedAt, ...one }) => ({
          at: new Date(at).toISOString(),
          recordedAt: new Date(recordedAt).toISOString(),
          ...one,
        }));
        streams.out.write(`${JSON.stringify({ contact: key, consents }, null, 2)}\n`);
        return 0;
      }
      if (log.length === 0) streams.out.write(`Nothing: ${key} never said yes or no to anything.\n`);
      else {
        const table = new Table({ ...plainTable, head: ['when', 'topic', 'what', 'how', 'text', 'mail'] });
        for (const { at, topic, what, how, textHash, deliveryId } of log)
          table.push([
            new Date(at).toISOString(),
            topic,
            what,
            how,
            textHash?.slice(0, 12) ?? '',
            deliveryId ?? '',
          ]);
        streams.out.write(`${table.toString()}\n`);
      }
      return 0;
    }),
});

export const consent = defineCommand({
  summary: 'what a contact said yes and no to, with its proof',
  example: 'voronka consent show c-17',
  commands: { show },
});
