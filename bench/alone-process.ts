// nodemailer alone: the same letters, through its own pool with as many connections. It composes them first, then says
// {"ready"}; each line on its input is a round of so many, answered with the seconds it took.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import nodemailer from 'nodemailer';
import { pino } from 'pino';
import { close, connect } from '../db/connect.ts';
import { readTemplates } from '../db/templates.ts';
import { compose } from '../mail/compose.ts';
import { markDelivery } from '../mail/marks.ts';
import { type CompiledTemplate, chooseLocale } from '../mail/template.ts';
import { house, identity } from '../test/harness/post.ts';
import { makeEvents } from './events.ts';

export interface AloneSettings {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  readonly connections: number;
  readonly mails: number;
}

const settings: AloneSettings = JSON.parse(process.argv[2] ?? '{}');
const db = connect(settings.databaseUrl, { max: 1, name: 'bench', log: pino({ level: 'silent' }) });
const templates = (await readTemplates(db)).map(({ body }) => body as unknown as CompiledTemplate);
await close(db);
const template = chooseLocale(templates, 'welcome', 'en');
if (!template) throw new Error('the welcome letter is not applied');

const letters = makeEvents('alone', settings.mails, 'Lead').map(({ contact, deal }, i) => {
  const delivery = {
    id: String(i),
    contactId: String(i),
    topic: 'marketing',
    workflow: 'mailing',
    node: 'hello',
  };
  const facts = { contact, deal: deal as { readonly title: string } };
  const marks = markDelivery(delivery, house);
  const message = compose({ template, facts, marks, identity, delivery, now: Date.now() });
  if ('is' in message) throw new Error(message.why);
  const { envelope, messageId, from, to, subject, html, text, headers } = message;
  return { envelope, messageId, from, to, subject, html, text, headers: [...headers] };
});

const { hostname: host, port } = new URL(settings.smtpUrl);
const transport = nodemailer.createTransport({
  pool: true,
  host,
  port: Number(port),
  maxConnections: settings.connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
});

const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const startedAt = performance.now();
  await Promise.all(letters.slice(0, Number(line)).map((letter) => transport.sendMail(letter)));
  process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - startedAt) / 1000 })}\n`);
});
process.stdout.write('{"ready":true}\n');
await once(lines, 'close');
transport.close();
