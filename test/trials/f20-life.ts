// Contacts who use everything that there is: mails with opens and clicks, a survey with a comment, a task, a call, consent with
// proof and by the mailed button, preferences, replies and bounces, a score, an import, several deals. Each word that a
// person, a CRM or a server writes of one begins with that contact's own word, by which it is found again.
import { relative } from 'node:path';
import { sql } from 'kysely';
import PostalMime from 'postal-mime';
import { readFolder, shippedFolder } from '../../cli/folders.ts';
import { takeMail } from '../../cli/mail-in.ts';
import { record } from '../../db/events.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import type { SourceFile } from '../../engine/source.ts';
import { pipelinesFile } from '../harness/definitions.ts';
import { dayMs, hash, makeStageChange, minuteMs } from '../harness/factories.ts';
import { house } from '../harness/post.ts';
import type { Accepted } from '../harness/sink-record.ts';

export const wordOf = (n: number): string => `kanari${String(n).padStart(4, '0')}q`;
export const keyOf = (n: number): string => `${wordOf(n)}-contact`;
export const addressOf = (n: number): string => `${wordOf(n)}@${wordOf(n)}.example`;
const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export const filesOf = (hookPort: number): SourceFile[] => [
  pipelinesFile,
  { path: 'facts.yaml', text: 'contact: { note: text }\ndeal: { note: text }\n' },
  {
    path: 'teams.yaml',
    text: 'people:\n  olga: { name: Olga, email: olga@acme.example, zone: UTC }\n',
  },
  {
    path: 'scores.yaml',
    text: 'engagement:\n  half_life: 30 days\n  rules:\n    - { id: clicks, when: contact clicks, points: 5 }\n',
  },
  {
    path: 'surveys.yaml',
    text: 'surveys:\n  nps: { template: nps, question: { en: Would you tell others? }, low: { en: never }, high: { en: always } }\n',
  },
  {
    path: 'policy.yaml',
    text: `company: { name: Acme, address: Street 1, zone: UTC }
topics:
  marketing: { name: News, text: News may come., opens: true, clicks: true }
  digest: { name: Digest, text: A digest may come., double_opt_in: true }
caps: { all: 1 per 7 days }
rates: { '*': 6000 per minute }
`,
  },
  {
    path: 'confirm-consent.yaml',
    text: 'workflow: confirm-consent\nenter: { when: event "contact.consent_asked", again: always, per: contact }\nsteps:\n  - { id: ask, send: confirm-consent }\n',
  },
  {
    path: 'life.yaml',
    text: `workflow: life
enter: { when: deal.stage enters "Lead" }
topic: marketing
steps:
  - { id: hello, send: hello }
  # lint-ignore open-call: the listener of this trial
  - { id: crm, call: "http://crm.internal:${hookPort}/", with: { name: contact.first_name, about: deal.title } }
  - { id: phone, task: "Call {{ contact.first_name }} about {{ deal.title }}", assign: olga, due: 4h, remind: 1h }
  - { id: ask, survey: nps }
  - { id: pause, wait: 1d }
  - { id: again, send: again }
  - { id: stand, wait: 30d }
`,
  },
];

const letterOf = (name: string): SourceFile => ({
  path: `${name}.mjml`,
  text: `---
subject: ${name}, {{ contact.first_name | default: 'there' }} of {{ contact.company | default: 'Acme' }}
preheader: About {{ deal.title | default: 'it' }}
topic: marketing
---
<mjml><mj-body><mj-section><mj-column><mj-text>{{ contact.note | default: '' }}
<a href="https://acme.example/prices">Prices</a> <a href="{{ links.preferences }}">Choose</a>
<a href="{{ links.unsubscribe }}">Leave</a></mj-text></mj-column></mj-section></mj-body></mjml>
`,
});

export const letters = (): SourceFile[] => [
  letterOf('hello'),
  letterOf('again'),
  ...readFolder(shippedFolder('templates'), ['.mjml'])
    .map(({ path, text }) => ({ path: relative(shippedFolder('templates'), path), text }))
    .filter(({ path }) => /^(layouts|partials)\/|^(nps|confirm-consent|task-notice)\.en/.test(path)),
];

/** What such a life needs of the world around it. */
export interface Stage {
  readonly db: Parameters<typeof record>[0];
  readonly catalogue: Catalogue;
  readonly accepted: () => readonly Accepted[];
  readonly now: () => number;
  /** Until every hit that was asked for stands in the ledger. */
  untilWritten(): Promise<void>;
  /** Moves business time on, and waits until all that is due is done. */
  pass(ms: number): Promise<void>;
  ask(method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE', path: string, more?: Asking): Promise<string>;
}
export interface Asking {
  readonly scope?: 'ingest' | 'read' | 'admin';
  readonly json?: object;
  readonly form?: { readonly [field: string]: string };
  readonly agent?: string;
  /** A refusal in words is an answer too. */
  readonly isLate?: boolean;
}

function eventsOf(n: number, at: number): object[] {
  const word = wordOf(n);
  const contact = {
    id: keyOf(n),
    email: addressOf(n),
    ...{ first_name: `${word}-first`, last_name: `${word}-last`, company: `${word}-company` },
    note: `${word}-note`,
    consent: { marketing: true, digest: true },
    consent_proof: {
      how: `${word}-how`,
      text: `${word}-text`,
      place: `${word}-place`,
      agent: `${word}-agent`,
    },
  };
  const deal = (name: string) => ({
    id: `${word}-${name}`,
    pipeline: 'sales',
    stage: 'Lead',
    title: `${word}-title-${name}`,
    note: `${word}-deal-note`,
    amount: 500,
  });
  const event = (name: string, more: object) => ({
    id: `${word}-${name}`,
    at: new Date(at).toISOString(),
    ...more,
  });
  return [
    event('first', { type: 'deal.stage_changed', contact, deal: deal('one') }),
    event('second', { type: 'deal.stage_changed', contact: { id: keyOf(n) }, deal: deal('two') }),
    event('form', {
      type: 'form.submitted',
      contact: { id: keyOf(n) },
      data: { form: 'demo', message: `${word}-message` },
    }),
  ];
}

/** Everybody lives through two days; at the end some mail still waits for its turn, and a hit has not been judged. */
export async function liveAll(stage: Stage, people: readonly number[]): Promise<void> {
  await importPast(stage, people);
  for (const n of people)
    await stage.ask('POST', '/v1/events', { scope: 'ingest', json: eventsOf(n, stage.now()) });
  await stage.pass(minuteMs);
  const mails = await readMails(stage.accepted());
  for (const n of people) await answer(stage, n, mails.get(addressOf(n)) ?? []);
  await stage.pass(minuteMs);
  await stage.pass(dayMs);
  for (const n of people) await follow(stage, mails.get(addressOf(n)) ?? [], 'curl/8.5.0');
}

async function importPast({ db, catalogue, now }: Stage, people: readonly number[]): Promise<void> {
  const past = people.map((n) =>
    makeStageChange('Won', {
      id: `${wordOf(n)}-imported`,
      at: now() - 90 * dayMs,
      contact: { id: keyOf(n), last_name: `${wordOf(n)}-old-name` },
      deal: { id: `${wordOf(n)}-past`, title: `${wordOf(n)}-past-title` },
    }),
  );
  await record(db, past, { now: now(), hash, pipelines: catalogue.pipelines, isHistory: true });
}

export interface Letter {
  readonly subject: string;
  readonly messageId: string;
  readonly html: string;
}

export async function readMails(
  accepted: readonly Accepted[],
): Promise<ReadonlyMap<string, readonly Letter[]>> {
  const mails = new Map<string, Letter[]>();
  for (const { to, raw } of accepted) {
    const { subject = '', messageId = '', html = '' } = await PostalMime.parse(raw ?? '');
    mails.set(to, [...(mails.get(to) ?? []), { subject, messageId, html }]);
  }
  return mails;
}

/** The path of the first link of a kind, in any of the mails. */
function linkIn(mails: readonly Letter[], start: string): string {
  const link = mails.flatMap(({ html }) => new RegExp(`${start}[\\w.:-]+`).exec(html)?.[0] ?? [])[0];
  if (link === undefined) throw new Error(`no mail has a link to ${start}`);
  return link;
}

async function follow(stage: Stage, mails: readonly Letter[], agent: string): Promise<void> {
  await stage.ask('GET', linkIn(mails, '/c/'), { agent });
  await stage.ask('GET', linkIn(mails, '/o/'), { agent });
}

async function answer(stage: Stage, n: number, mails: readonly Letter[]): Promise<void> {
  const word = wordOf(n);
  await follow(stage, mails, browser);
  const comment = `${word}-comment`;
  await stage.ask('POST', linkIn(mails, '/s/'), { form: { score: '9', comment } });
  await stage.ask('POST', linkIn(mails, '/confirm/'), { form: {}, agent: `${word}-browser` });
  await stage.ask('POST', linkIn(mails, '/p/'), { form: { do: 'pause' } });
  await stage.ask('POST', linkIn(mails, '/p/'), { form: { do: 'resume' } });
  const { rows } = await sql<{ id: string }>`
    select tasks.id from tasks join contacts on contacts.id = contact_id where contacts.key = ${keyOf(n)} order by tasks.id`.execute(
    stage.db,
  );
  const [open, done] = rows.map(({ id }) => `/v1/tasks/${id}`);
  await stage.ask('PATCH', open ?? '', {
    scope: 'ingest',
    json: { title: `${word}-renamed`, notes: `${word}-told` },
  });
  await stage.ask('PATCH', done ?? '', { scope: 'ingest', json: { state: 'done', outcome: 'reached' } });
  const hello = mails.find(({ subject }) => subject.startsWith('hello'));
  await takeIn(stage, replyTo(n, hello?.messageId ?? ''));
  await takeIn(stage, bounceOf(n, hello?.messageId ?? ''));
}

/** What still comes of an old life: links of old mails, and a mail that comes back. */
export async function comeLate(stage: Stage, n: number, mails: readonly Letter[]): Promise<void> {
  const late = { isLate: true, agent: browser };
  const comment = `${wordOf(n)}-late`;
  await stage.ask('GET', linkIn(mails, '/c/'), late);
  await stage.ask('POST', linkIn(mails, '/u/'), { ...late, form: {} });
  await stage.ask('GET', linkIn(mails, '/p/'), late);
  await stage.ask('POST', linkIn(mails, '/p/'), { ...late, form: { do: 'save', topic: 'marketing' } });
  await stage.ask('POST', linkIn(mails, '/confirm/'), { ...late, form: {} });
  await stage.ask('POST', linkIn(mails, '/s/'), { ...late, form: { score: '1', comment } });
  const hello = mails.find(({ subject }) => subject.startsWith('hello'));
  await takeIn(stage, bounceOf(n, hello?.messageId ?? ''));
}

/** The CRM sends everything again. */
export async function comeBack(stage: Stage, n: number): Promise<void> {
  await stage.ask('POST', '/v1/events', { scope: 'ingest', json: eventsOf(n, stage.now()) });
}

async function takeIn({ db, now }: Stage, raw: string): Promise<void> {
  const report = await takeMail(
    { db, clock: { now: async () => now() }, keys: house.keys },
    Buffer.from(raw),
    [],
  );
  if (report === null) throw new Error('a mail that came in was of nobody');
}

const replyTo = (n: number, id: string) =>
  `From: ${wordOf(n)} <${addressOf(n)}>\nTo: hello@acme.example\nSubject: Re: hello\nIn-Reply-To: ${id}\nMessage-ID: <${wordOf(n)}-reply@x.example>\n\nThanks, ${wordOf(n)}-words\n`;

/** Of a full mailbox: the contact stays reachable. */
const bounceOf = (n: number, id: string): string => `From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ${addressOf(n)}
Action: failed
Status: 4.2.2
Diagnostic-Code: smtp; 452 4.2.2 The mailbox of ${addressOf(n)} is full

--x
Content-Type: message/rfc822

Message-ID: ${id}
To: ${addressOf(n)}

--x--
`;
