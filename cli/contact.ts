// `voronka contact erase <contact>`: all that is personal goes, for good. Without --confirm it says what would go, what
// stays and what it cannot reach, and changes nothing.
import { eraseContact, readTraces } from '../db/erasure.ts';
import { type Told, tellErasure } from '../web/erasure.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';

const erase = defineCommand<{ readonly confirm?: boolean; readonly json?: boolean }>({
  summary: 'take out all that is personal of one, for good; says what would go until --confirm',
  example: 'voronka contact erase c-17 --confirm',
  options: (command) =>
    command
      .argument('<contact>', 'your own id of the contact')
      .option('--confirm', 'do it: there is no way back')
      .option('--json', 'as JSON'),
  run: ({ confirm = false, json }, [key = ''], streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'contact', { isGuest: true });
      const traces = confirm ? await eraseContact(db, key, await clock.now()) : await readTraces(db, key);
      if (traces === null)
        throw complaint(
          1,
          `There is no contact "${key}", or it was erased already: give the id that your events use.`,
        );
      const told = tellErasure(traces);
      streams.out.write(
        json
          ? `${JSON.stringify({ contact: key, erased: confirm, ...told, found: traces }, null, 2)}\n`
          : `${tell(key, told, confirm)}\n`,
      );
      return 0;
    }),
});

function tell(key: string, { goes, stays, beyond }: Told, isDone: boolean): string {
  const listed = (lines: Told['goes']) =>
    Object.entries(lines).map(([what, line]) => `  ${what.padEnd(12)} ${line}`);
  return [
    isDone ? `${key} is erased. Gone:` : `To erase ${key} would take out, for good:`,
    ...listed(goes),
    isDone ? 'Stays, without it:' : 'What would stay, without it:',
    ...listed(stays),
    'Not ours to erase:',
    ...beyond.map((line) => `  ${line}`),
    ...(isDone ? [] : ['', `Nothing was changed. Do it: voronka contact erase ${quoted(key)} --confirm`]),
  ].join('\n');
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

export const contact = defineCommand({
  summary: 'erase a contact',
  example: 'voronka contact erase c-17',
  commands: { erase },
});
