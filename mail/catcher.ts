// Where mail goes when no SMTP server is configured: a real one in the process, on loopback, that delivers nowhere. What
// it took can be looked at. It refuses the addresses that a rule calls dead, as their own server would. Bounded: the
// oldest mails make room; with a folder, mails are .eml files there and outlive the process.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from 'smtp-server';
import { readHeads } from './heads.ts';

export interface CatcherOptions {
  /** 0: any that is free. */
  readonly port?: number;
  readonly folder?: string;
  /** Mails kept. */
  readonly keep?: number;
  /** Whether nobody lives at an address: such a recipient is refused with 550 5.1.1. */
  readonly isDead?: (address: string) => boolean;
}

export interface CaughtSummary {
  readonly id: string;
  /** Its Date header: the sender's time, which a fast clock may have set. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
}

export interface CaughtMail extends CaughtSummary {
  readonly html: string | null;
  readonly text: string | null;
  readonly source: string;
}

export interface Catcher {
  readonly url: string;
  /** Since it started; never falls, whatever is kept. */
  readonly accepted: number;
  /** Newest first. */
  messages(): readonly CaughtSummary[];
  message(id: string): Promise<CaughtMail | null>;
  close(): Promise<void>;
}

interface Kept {
  readonly summary: CaughtSummary;
  /** null: in the folder. */
  readonly raw: Buffer | null;
}

const MAX_BYTES = 20 * 1024 * 1024;

export async function startCatcher(options: CatcherOptions = {}): Promise<Catcher> {
  const { folder, keep = 2_000 } = options;
  const kept = folder === undefined ? new Map<string, Kept>() : await readBack(folder);
  let accepted = 0;
  let last = Math.max(0, ...[...kept.keys()].map(Number));

  const take = async (raw: Buffer): Promise<void> => {
    last += 1;
    const id = String(last);
    const summary = { id, ...readHeads(raw) };
    if (folder !== undefined) await writeFile(fileOf(folder, id), raw, { mode: 0o600 });
    kept.set(id, { summary, raw: folder === undefined ? raw : null });
    accepted += 1;
    for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - keep))) {
      kept.delete(old);
      if (folder !== undefined) await rm(fileOf(folder, old), { force: true });
    }
  };

  const server = build(options, take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    get accepted() {
      return accepted;
    },
    messages: () => [...kept.values()].map(({ summary }) => summary).reverse(),
    message: async (id) => {
      const one = kept.get(id);
      if (one === undefined) return null;
      return open(one.summary, one.raw ?? (await readFile(fileOf(folder ?? '', id))));
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function build({ isDead }: CatcherOptions, take: (raw: Buffer) => Promise<void>): SMTPServer {
  return new SMTPServer({
    banner: 'Voronka catcher: delivers nowhere',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    rejectOversized: true,
    logger: false,
    onRcptTo: ({ address }: SMTPServerAddress, _session, done) => {
      if (isDead?.(address) !== true) done();
      else done(Object.assign(new Error('5.1.1 No such user here'), { responseCode: 550 }));
    },
    onData: (stream, _session, done) => {
      readAll(stream)
        .then(take)
        .then(() => done(), done);
    },
  });
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function open(summary: CaughtSummary, raw: Buffer): Promise<CaughtMail> {
  const { html, text } = await PostalMime.parse(raw);
  return { ...summary, html: html ?? null, text: text ?? null, source: raw.toString('utf8') };
}

function fileOf(folder: string, id: string): string {
  return join(folder, `${id.padStart(8, '0')}.eml`);
}

async function readBack(folder: string): Promise<Map<string, Kept>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).filter((name) => /^\d{8,}\.eml$/.test(name)).sort();
  const kept = new Map<string, Kept>();
  for (const name of names) {
    const id = String(Number.parseInt(name, 10));
    kept.set(id, { summary: { id, ...readHeads(await readFile(join(folder, name))) }, raw: null });
  }
  return kept;
}
