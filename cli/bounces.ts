// `voronka bounces read <files>`: what mails that came back mean, by the rules that the ledger's own intake uses. Needs no
// ledger and changes nothing; a folder is read as a maildir. One object a message and line with --json.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readBounce } from '../mail/bounces.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { takeMail } from './mail-in.ts';
import { openSecrets } from './secret.ts';
import { complaint } from './streams.ts';

const read = defineCommand<{ readonly json?: boolean }>({
  summary:
    'say of each mail whether it is a bounce, a complaint, an automatic answer, a delivery or none of these',
  example: 'voronka bounces read returned.eml --json',
  options: (command) =>
    command
      .argument('<files...>', 'mails as they came in, or folders of them')
      .option('--json', 'one JSON object a line'),
  run: async ({ json }, files, { out, err }) => {
    if (files.length === 0) throw complaint(2, 'Name at least one file: voronka bounces read returned.eml');
    let isComplete = true;
    for (const file of files.flatMap(expand)) {
      const raw = readMail(file);
      if (typeof raw === 'string') {
        err.write(`${file}: ${raw}\n`);
        isComplete = false;
        continue;
      }
      const { kind, recipients } = await readBounce(raw);
      const told = recipients.map(({ address, status, reason, hard }) => ({ address, status, reason, hard }));
      if (json) out.write(`${JSON.stringify({ file, kind, recipients: told })}\n`);
      else out.write(`${file}: ${kind}\n${told.map(tell).join('')}`);
    }
    return isComplete ? 0 : 1;
  },
});

interface Told {
  readonly address: string;
  readonly status: string | null;
  readonly reason: string;
  readonly hard: boolean;
}

const tell = ({ address, status, reason, hard }: Told) =>
  `  ${address || '(nobody named)'}  ${status ?? '-'}  ${reason}${hard ? ', dead for good' : ''}\n`;

/** The mails of a folder, in order of name; of a maildir, those of `new` and `cur`. */
function expand(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return names.flatMap((one) => {
    if (one.isFile()) return [join(path, one.name)];
    return ['new', 'cur'].includes(one.name) ? expand(join(path, one.name)) : [];
  });
}

/** Why it cannot be read, in words. */
function readMail(file: string): Buffer | string {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`;
    throw error;
  }
}

const take = defineCommand<{ readonly json?: boolean }>({
  summary: 'take them into the ledger; those that were taken before change nothing',
  example: 'voronka bounces take ~/Maildir',
  options: (command) =>
    command
      .argument('<files...>', 'mails as they came in, or folders of them')
      .option('--json', 'one JSON object a line'),
  run: ({ json }, files, streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'bounces', { isGuest: true });
      const { links: keys } = await openSecrets(deps.config, db);
      let isComplete = true;
      for (const file of files.flatMap(expand)) {
        const raw = readMail(file);
        if (typeof raw === 'string') {
          streams.err.write(`${file}: ${raw}\n`);
          isComplete = false;
          continue;
        }
        const report = await takeMail({ db, clock, keys }, raw, recipientsOf(raw));
        const { is = null, deliveryId = null } = report ?? {};
        const text = is === null ? 'nothing of ours' : `mail ${deliveryId} ${is}`;
        streams.out.write(json ? `${JSON.stringify({ file, is, deliveryId })}\n` : `${file}: ${text}\n`);
      }
      return isComplete ? 0 : 1;
    }),
});

/** Whom it was delivered to, as the mail server noted it at the top. */
function recipientsOf(raw: Buffer): string[] {
  const head =
    raw
      .subarray(0, 16_384)
      .toString('latin1')
      .split(/\r?\n\r?\n/)[0] ?? '';
  return [...head.matchAll(/^(?:Delivered-To|X-Original-To):[ \t]*(\S+)/gim)].map((found) => found[1] ?? '');
}

export const bounces = defineCommand({
  summary: 'mails that came back, and what they mean',
  example: 'voronka bounces read returned.eml --json',
  commands: { read, take },
});
