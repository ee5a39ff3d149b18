// A real relay: the program as it is shipped, a Debian Postfix on loopback behind it, a maildir for each living address,
// and bounces that come back through the return path to the program's own door. Judged from the files in the maildirs,
// Postfix's log and the rows of the ledger. Dead in three ways: no such mailbox here, none at a remote server, no such host.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { calmPolicyFile, onceFile, pipelinesFile } from '../harness/definitions.ts';
import { writeDefinitions } from '../harness/folders.ts';
import { installPostfix, type Postfix, startPostfix } from '../harness/postfix.ts';
import { startProgram } from '../harness/program.ts';
import { findFreePort } from '../harness/redis.ts';
import { startSink } from '../harness/sink.ts';
import { makeDkim, type Resolver } from './dkim.ts';
import type { Ground } from './ground.ts';
import { untilOver } from './judge.ts';
import { defineTrial } from './trial.ts';

const longForm = { sends: 1_000, dead: 100 };
type RelayTrial = typeof longForm & { readonly seed: number };

export interface RelayReport {
  readonly [figure: string]: unknown;
  readonly living: number;
  readonly dead: number;
  /** Files in maildirs, and of them those that mailauth passes for the sender's domain. */
  readonly arrived: number;
  readonly dkimPassed: number;
  /** Living addresses without a mail, and with two or more. */
  readonly lost: number;
  readonly twice: number;
  /** Mails that are no part of the trial, or that came to somebody else. */
  readonly astray: number;
  /** Dead addresses for each of which Postfix handed one bounce to our door. */
  readonly bounces: number;
  readonly suppressed: number;
  /** Deliveries to dead addresses whose row says that they came back, and why. */
  readonly saidSo: number;
  /** Living addresses that are suppressed all the same. */
  readonly wronged: number;
}

const sender = 'acme.example';
const bounceDomain = `bounce.${sender}`;
const livingDomain = 'living.example';
const deadDomains = [livingDomain, 'far.example', 'nowhere.example'];

/** With what a relay must carry as it stands: a line that begins with a dot, one that begins with From, and non-ASCII. */
const letter = `---
subject: Hello, {{ contact.first_name | default: 'there' }}
preheader: A letter
topic: marketing
---
<mjml lang="en"><mj-head><mj-title>Hello</mj-title></mj-head><mj-body><mj-section><mj-column><mj-text>
<p>{{ contact.first_name | default: 'there' }}, here it is:</p>
<p>
.a line with a dot
From here on it is a letter.
</p>
<a href="{{ links.unsubscribe }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>
`;

export async function runRelay(ground: Ground, { sends, dead }: RelayTrial): Promise<RelayReport> {
  const startedAt = performance.now();
  const people = makePeople(sends, dead);
  const living = people.filter((one) => one.isLiving).map((one) => one.email);
  const folder = await mkdtemp(join(tmpdir(), 'voronka-relay-'));
  const remote = await startSink({ rules: [{ at: 'rcpt', reply: '550 5.1.1 User unknown' }] });
  const door = await findFreePort();
  const { dkim, resolver } = makeDkim(sender);
  const postfix = await startPostfix({
    living,
    mailboxDomain: livingDomain,
    transports: {
      [bounceDomain]: `smtp:[127.0.0.1]:${door}`,
      'far.example': `smtp:[127.0.0.1]:${remote.port}`,
      'nowhere.example': 'error:5.4.4 Host or domain name not found. Name service error for nowhere.example',
    },
  });
  try {
    const definitions = await writeDefinitions(
      folder,
      [pipelinesFile, onceFile, calmPolicyFile],
      [{ path: 'hello.en.mjml', text: letter }],
    );
    const program = await startProgram(
      ['up'],
      {
        DATABASE_URL: ground.databaseUrl,
        REDIS_URL: ground.redisUrl,
        SMTP_URL: postfix.url,
        MAIL_IN: `smtp://127.0.0.1:${door}`,
        MAIL_BOUNCE_DOMAIN: bounceDomain,
        DKIM_KEY: dkim.privateKey,
        DKIM_SELECTOR: dkim.selector,
        PUBLIC_URL: 'https://mail.acme.example',
        VORONKA_HOME: join(folder, 'home'),
        ...definitions,
        PORT: '0',
        LOG_LEVEL: 'error',
      },
      /-d '/,
    );
    try {
      await enter(program.said(), people);
      await untilOver(ground.db, sends, 300_000);
      await untilEmpty(postfix);
    } finally {
      await program.stop();
    }
    return {
      ...(await judgeMail(postfix, living, resolver)),
      ...(await judgeLedger(ground.db, people)),
      bounces: countBounces(await postfix.log(), door),
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await postfix.stop();
    await remote.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Person {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly isLiving: boolean;
}

const names = ['Anna', 'Анна', 'Zoë', '.dot', 'O’Neill, Jr.', '李', 'Ann "A" Lee'];

/** The dead are spread evenly among the living, and over their domains. */
function makePeople(count: number, dead: number): Person[] {
  const deadBefore = (n: number) => Math.floor((n * dead) / count);
  return Array.from({ length: count }, (_, n) => {
    const isLiving = deadBefore(n + 1) === deadBefore(n);
    const domain = isLiving ? livingDomain : deadDomains[deadBefore(n) % deadDomains.length];
    const id = `${isLiving ? 'lead' : 'gone'}-${n}`;
    return { id, email: `${id}@${domain}`, firstName: names[n % names.length] ?? '', isLiving };
  });
}

/** Through the front door, by the call that `up` prints. */
async function enter(said: string, people: readonly Person[]): Promise<void> {
  const url = /curl (\S+)/.exec(said)?.[1] ?? '';
  const authorization = /Bearer [^']+/.exec(said)?.[0] ?? '';
  const at = new Date().toISOString();
  for (let from = 0; from < people.length; from += 200) {
    const events = people.slice(from, from + 200).map(({ id, email, firstName }) => ({
      ...{ id: `e-${id}`, type: 'deal.stage_changed', at },
      contact: { id, email, first_name: firstName, locale: 'en', consent: { marketing: true } },
      deal: { id: `d-${id}`, pipeline: 'sales', stage: 'Lead' },
    }));
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(events) });
    if (answer.status !== 202) throw new Error(`the events were answered with ${answer.status}`);
  }
}

/** A bounce is in the queue before the mail that bounced leaves it, and is taken once it is in the ledger. */
async function untilEmpty(postfix: Postfix, patienceMs = 60_000): Promise<void> {
  const endAt = performance.now() + patienceMs;
  for (let left = await postfix.queued(); left > 0; left = await postfix.queued()) {
    if (performance.now() > endAt)
      throw new Error(`${left} mails were in the queue still:\n${(await postfix.log()).slice(-2_000)}`);
    await pause(100);
  }
}

async function judgeMail(postfix: Postfix, living: readonly string[], resolver: Resolver) {
  const counts = { arrived: 0, dkimPassed: 0, astray: 0 };
  const times = new Map<string, number>();
  for (const mailbox of await readdir(postfix.mailboxes))
    for (const file of await readdir(join(postfix.mailboxes, mailbox, 'new'))) {
      const raw = await readFile(join(postfix.mailboxes, mailbox, 'new', file));
      const address = `${mailbox}@${livingDomain}`;
      const [verified] = (await dkimVerify(raw, { resolver })).results;
      counts.arrived += 1;
      counts.dkimPassed += Number(
        verified?.status.result === 'pass' && verified.signingDomain === sender && !isCut(raw),
      );
      counts.astray += Number(!isFor(raw, address) || !living.includes(address));
      times.set(address, (times.get(address) ?? 0) + 1);
    }
  return {
    ...counts,
    lost: living.filter((address) => !times.has(address)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
  };
}

/** A signature over less than the body would pass for one over all of it. */
function isCut(raw: Buffer): boolean {
  return /^dkim-signature:(?:[^\n]|\n[ \t])*[;\s]l=/im.test(raw.toString('latin1'));
}

/** Postfix notes the envelope: whom it was for, and where a bounce would have gone. */
function isFor(raw: Buffer, address: string): boolean {
  const head = raw.toString('latin1', 0, 2_000);
  const returnPath = /^Return-Path: <b\+[^@>]+@([^>]+)>/im.exec(head)?.[1];
  return returnPath === bounceDomain && new RegExp(`^Delivered-To: ${address}\r?$`, 'im').test(head);
}

/** Return paths of ours that Postfix says it handed to our door, each once. */
function countBounces(log: string, door: number): number {
  const handed = log
    .split('\n')
    .filter((line) => line.includes(`relay=127.0.0.1[127.0.0.1]:${door}`) && line.includes('status=sent'))
    .map((line) => /to=<(b\+[^>]+)>/.exec(line)?.[1]);
  return new Set(handed.filter((path) => path !== undefined)).size;
}

async function judgeLedger(db: Ground['db'], people: readonly Person[]) {
  const { rows } = await sql<{ email: string; isSuppressed: boolean; saysSo: boolean }>`
    select email, exists (select 1 from suppressions where suppressions.address_hash = contacts.address_hash)
        as "isSuppressed",
      exists (select 1 from deliveries where contact_id = contacts.id and state = 'sent'
        and why ~ '^it came back: (userunknown|hostunknown)$') as "saysSo"
    from contacts`.execute(db);
  const byEmail = new Map(rows.map((row) => [row.email, row]));
  const count = (isOne: (person: Person, row: (typeof rows)[number] | undefined) => boolean | undefined) =>
    people.filter((person) => isOne(person, byEmail.get(person.email)) === true).length;
  return {
    living: count(({ isLiving }) => isLiving),
    dead: count(({ isLiving }) => !isLiving),
    suppressed: count(({ isLiving }, row) => !isLiving && row?.isSuppressed),
    saidSo: count(({ isLiving }, row) => !isLiving && row?.saysSo),
    wronged: count(({ isLiving }, row) => isLiving && (row?.isSuppressed || row?.saysSo)),
  };
}

export const isRelayMet = (report: RelayReport): boolean =>
  report.lost + report.twice + report.astray + report.wronged === 0 &&
  report.arrived === report.living &&
  report.dkimPassed === report.arrived &&
  [report.bounces, report.suppressed, report.saidSo].every((count) => count === report.dead);

export const postfix = defineTrial({
  name: 'postfix',
  says: 'a Debian Postfix relays into maildirs: DKIM passes there, each dead address comes back and is suppressed',
  options: longForm,
  run: async (options, ground): Promise<RelayReport> => {
    await installPostfix();
    return await runRelay(ground, options);
  },
  isMet: isRelayMet,
});
