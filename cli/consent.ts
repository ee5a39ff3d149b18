// `voronka consent show <contact>`: the proof of what a contact said yes and no to: when, how, where, in answer to which
// words, from which mail. As a table for a person, as JSON for whoever has to be shown it.
import Table from 'cli-table3';
import type { Db } from '../db/connect.ts';
import { type KnownConsent, readConsents, readConsentsOf } from '../db/consents.ts';
import { findContact } from '../db/contacts.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { openSecrets } from './secret.ts';
import { complaint } from './streams.ts';
import { moment, plainTable } from './tables.ts';

interface ShowOptions {
  readonly address?: string;
  readonly json?: boolean;
}

const show = defineCommand<ShowOptions>({
  summary: 'all that is on record of a contact, oldest first',
  example: 'voronka consent show c-17 --json > proof.json',
  options: (command) =>
    command
      .argument('[contact]', 'your own id of the contact')
      .option('--address <address>', 'or an address: also of who was erased')
      .option('--json', 'as JSON, with the words that were shown'),
  run: ({ address, json }, [key], streams) => {
    if ((address === undefined) === (key === undefined))
      throw complaint(2, 'Give your own id of the contact, or --address with its address.');
    const config = readConfig(streams.env);
    return withDeps(config, streams, async (deps) => {
      const { db } = await openLedger(deps, 'consent', { isGuest: true });
      const log =
        address === undefined
          ? await readOf(db, key ?? '')
          : await readConsentsOf(db, (await openSecrets(config, db)).hashAddress(address));
      const who = key ?? address ?? '';
      streams.out.write(
        json ? toJson(key === undefined ? { address } : { contact: key }, log) : tell(who, log),
      );
      return 0;
    });
  },
});

async function readOf(db: Db, key: string): Promise<readonly KnownConsent[]> {
  const contact = await findContact(db, key);
  if (contact !== null) return await readConsents(db, contact.id);
  throw complaint(
    1,
    `There is no contact "${key}": give the id that your events use; for one who was erased, --address.`,
  );
}

function toJson(who: object, log: readonly KnownConsent[]): string {
  const consents = log.map(({ at, recordedAt, ...one }) => ({
    at: new Date(at).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    ...one,
  }));
  return `${JSON.stringify({ ...who, consents }, null, 2)}\n`;
}

function tell(who: string, log: readonly KnownConsent[]): string {
  if (log.length === 0) return `Nothing is on record: ${who} never said yes or no to anything.\n`;
  const table = new Table({ ...plainTable, head: ['when', 'topic', 'what', 'how', 'text', 'mail'] });
  for (const { at, topic, what, how, textHash, deliveryId } of log)
    table.push([
      moment(at),
      topic === '*' ? 'every mail' : topic,
      what,
      how,
      textHash?.slice(0, 12) ?? '',
      deliveryId ?? '',
    ]);
  return `${table.toString()}\n`;
}

export const consent = defineCommand({
  summary: 'what a contact said yes and no to, with its proof',
  example: 'voronka consent show c-17',
  commands: { show },
});
