// F12: machines that fetch every link of a mail, by GET and by HEAD, thirty times over, from one address or from many, and
// people who read a mail and follow a link or two. Judged by the ledger's tables: nothing a machine did may unsubscribe
// or answer, and its hits may not pass for a person's.
import { sql } from 'kysely';
import { transact } from '../../db/connect.ts';
import { writeTargets } from '../../db/targets.ts';
import type { Form } from '../../engine/form.ts';
import { formLink, markDelivery } from '../../mail/marks.ts';
import { trackDelivery } from '../../mail/tracking.ts';
import { buildServer } from '../../web/server.ts';
import { judgeDue } from '../../workers/hits.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { catalogue, linkKeys, makeWebDeps } from '../harness/web-deps.ts';
import { type Dice, openDice } from './dice.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';

const house = {
  publicUrl: '',
  domain: 'acme.example',
  bounceDomain: null,
  keys: linkKeys,
};
const browsers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
];
const headless =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36';
const links = 4;
const targets = Array.from({ length: links }, (_, n) => ({ id: `t${n}`, url: `https://acme.example/${n}` }));

const words = { en: 'Which industry?' };
const needs: Form = {
  ...{ title: words, intro: null, thanks: words, deal: 'open' },
  questions: [
    {
      fact: 'contact.industry',
      type: 'text',
      ask: words,
      hint: null,
      choices: null,
      isRequired: false,
      isLong: false,
    },
  ],
};

interface Ask {
  readonly afterMs: number;
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly agent: string;
  readonly from: string;
}
interface Mail {
  readonly id: string;
  readonly clicks: readonly string[];
  /** Every address in it, those to leave by and the picture among them. */
  readonly all: readonly string[];
}
type Visitor = (mail: Mail, dice: Dice, times: number) => Ask[];

/** Each fetches everything `times` over. */
const machines: readonly Visitor[] = [
  // A gateway that says what it is, some minutes later.
  ({ all }, dice, times) => over(times, all, (url, n) => ask(url, 120_000 + n * 40, 'curl/8.5.0', ip(dice))),
  // One that calls itself a browser, GET and HEAD, within seconds of the mail.
  ({ all }, dice, times) => {
    const from = ip(dice);
    return over(times, all, (url, n) =>
      ask(url, 500 + n * 25, any(dice, browsers), from, n % 2 === 0 ? 'GET' : 'HEAD'),
    );
  },
  // One that waits, asks with GET alone, and from another address each time.
  ({ all }, dice, times) => {
    const start = 60_000 + dice.below(600_000);
    return over(times, all, (url, n) => ask(url, start + n * 100, any(dice, browsers), ip(dice)));
  },
  // A scripted browser without a hand.
  ({ all }, dice, times) => {
    const from = ip(dice);
    return over(times, all, (url, n) => ask(url, 90_000 + n * 700, headless, from));
  },
];

/** Reads for a while, follows one to three links with a look at each, sometimes the same again, sometimes days later. */
const person: Visitor = ({ clicks, all }, dice) => {
  const from = ip(dice);
  const agent = any(dice, browsers);
  let at = 15_000 + dice.below(dice.below(4) === 0 ? 3 * dayMs : 3_600_000);
  const picture = all.find((url) => url.includes('/o/'));
  const asks = picture === undefined ? [] : [ask(picture, at, agent, from)];
  for (let left = 1 + dice.below(3); left > 0; left -= 1) {
    at += 3_000 + dice.below(60_000);
    asks.push(ask(any(dice, clicks), at, agent, from));
  }
  return asks;
};

export interface MachineReport {
  readonly [figure: string]: unknown;
  readonly unsubscribed: number;
  readonly answers: number;
  readonly consents: number;
  readonly failed: number;
  readonly machineHits: number;
  readonly flagged: number;
  readonly flaggedShare: number;
  readonly humanHits: number;
  readonly mistaken: number;
  readonly mistakenShare: number;
}

export async function runMachines(
  { db }: Ground,
  { mails, people, times, seed }: { mails: number; people: number; times: number; seed: number },
): Promise<MachineReport> {
  const dice = openDice(seed);
  const made = await makeWebDeps(db, {
    publicUrl: 'https://mail.acme.example',
    catalogue: async () => ({ ...catalogue, forms: { needs } }),
  });
  const server = buildServer(made.deps);
  made.deps.log.level = 'warn';
  await transact(db, (tx) => writeTargets(tx, [{ name: 'offer', locale: 'en', targets }], monday));
  await makeContacts(db, mails + people, { dueAt: null });
  const sent = await makeMails(db, mails + people);
  const asks = sent.flatMap((mail, n) => {
    const visitor = n < mails ? (machines[n % machines.length] as Visitor) : person;
    return visitor(mail, dice, times);
  });
  let failed = 0;
  for (const one of asks.sort((a, b) => a.afterMs - b.afterMs)) {
    // Business time and this machine's ticks move together, so that a hit keeps its instant in the batch.
    made.time.now = monday + one.afterMs;
    made.time.ticks = one.afterMs;
    const answer = await server.inject({
      method: one.method,
      url: one.url,
      headers: { 'user-agent': one.agent },
      remoteAddress: one.from,
    });
    if (answer.statusCode >= 400) failed += 1;
  }
  await server.close();
  await judgeDue(db, monday + 30 * dayMs);
  return {
    ...(await count(
      db,
      sent.slice(0, mails).map((mail) => mail.id),
    )),
    failed,
  };
}

async function makeMails(db: Ground['db'], count: number): Promise<Mail[]> {
  const { rows } = await sql<{ id: string; contactId: string }>`
    insert into deliveries (run_id, contact_id, due_at, expires_at, created_at, settled_at, state, verb, workflow, node, key,
      topic, payload)
    select id, id, instant(${monday}), instant(${monday + dayMs}), instant(${monday}), instant(${monday}), 'sent', 'send',
      'nurture', 'intro', 'intro#1', 'marketing', '{}' from contacts order by id limit ${count}
    returning id, contact_id as "contactId"`.execute(db);
  return rows.map(({ id, contactId }) => {
    const marks = markDelivery({ id, contactId, topic: 'marketing' }, house);
    const tracked = trackDelivery(id, targets, { opens: true, clicks: true }, house);
    const clicks = Object.values(tracked.to ?? {});
    const pages = [marks.unsubscribe, marks.preferences, marks.confirm, formLink(id, 'needs', house)];
    const all = [...clicks, tracked.open ?? '', tracked.trap ?? '', ...pages];
    return { id, clicks, all };
  });
}

async function count(db: Ground['db'], ofMachines: readonly string[]) {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*)::int from suppressions) as unsubscribed,
      (select count(*)::int from survey_answers) +
        (select count(*)::int from events where type in ('form.submitted', 'contact.consent_confirmed')) as answers,
      (select count(*)::int from contacts where consent <> '{"marketing": true}') as consents,
      (select count(*)::int from events where type like 'mail.%' and data ->> 'delivery' = any(${ofMachines}::text[]))
        as "machineEvents",
      count(*) filter (where is_machine)::int as "machineHits",
      count(*) filter (where is_machine and class <> 'human')::int as flagged,
      count(*) filter (where not is_machine)::int as "humanHits",
      count(*) filter (where not is_machine and class <> 'human')::int as mistaken
    from (select class, delivery_id = any(${ofMachines}::bigint[]) as is_machine from hits) as judged`.execute(
    db,
  );
  const counted = rows[0] ?? {};
  const share = (part = 0, whole = 0) => (whole === 0 ? 0 : part / whole);
  return {
    unsubscribed: counted.unsubscribed ?? 0,
    answers: counted.answers ?? 0,
    consents: counted.consents ?? 0,
    machineEvents: counted.machineEvents ?? 0,
    machineHits: counted.machineHits ?? 0,
    flagged: counted.flagged ?? 0,
    flaggedShare: share(counted.flagged, counted.machineHits),
    humanHits: counted.humanHits ?? 0,
    mistaken: counted.mistaken ?? 0,
    mistakenShare: share(counted.mistaken, counted.humanHits),
  };
}

function over(times: number, urls: readonly string[], make: (url: string, n: number) => Ask): Ask[] {
  return Array.from({ length: times }, () => urls)
    .flat()
    .map(make);
}

function ask(url: string, afterMs: number, agent: string, from: string, method: Ask['method'] = 'GET'): Ask {
  return { url, afterMs, agent, from, method };
}

function any<T>(dice: Dice, of: readonly T[]): T {
  return of[dice.below(of.length)] as T;
}

function ip(dice: Dice): string {
  return `198.51.100.${1 + dice.below(250)}`;
}

export const isMachineMet = (report: MachineReport): boolean =>
  report.unsubscribed + report.answers + report.consents + report.failed === 0 &&
  report.flaggedShare >= 0.99 &&
  report.mistakenShare < 0.01;

export const f12 = defineTrial({
  name: 'F12',
  says: 'machines fetch every link by GET and HEAD, 30 times a mail: unsubscribed 0, at least 99 % flagged, under 1 % of people',
  options: { mails: 200, people: 1_000, times: 30 },
  run: (options, ground) => runMachines(ground, options),
  isMet: isMachineMet,
});
