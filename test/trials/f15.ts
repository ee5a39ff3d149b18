// F15: strings that break things, in every field of an event, through the front door, the engine and the mail server, and
// in addresses. Judged by the sink's record of what it was told, by another program's reading of each message, and by the
// answers of the web: no header more, no recipient other than the one given, no live HTML, no 5xx.
import { domainToASCII } from 'node:url';
import { pino } from 'pino';
import PostalMime, { type Email } from 'postal-mime';
import { databaseClock } from '../../db/connect.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { steps } from '../../steps/index.ts';
import { buildServer } from '../../web/server.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, startParts } from '../../workers/run.ts';
import { greetingFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { sales } from '../harness/factories.ts';
import { openPost } from '../harness/post.ts';
import { startSink } from '../harness/sink.ts';
import type { Accepted } from '../harness/sink-record.ts';
import { makeWebDeps } from '../harness/web-deps.ts';
import type { Ground } from './ground.ts';
import { addresses, naughty } from './hostile.ts';
import { untilOver } from './judge.ts';
import { defineTrial } from './trial.ts';

/** Every field that an event may bring, printed where each can do harm: in text, in an attribute, in an address. */
const printed = [
  ...['contact.first_name', 'contact.last_name', 'contact.company', 'contact.note', 'contact.id'],
  ...['deal.title', 'deal.owner', 'deal.currency', 'deal.note', 'deal.id'],
];
const letter = {
  path: 'hello.mjml',
  text: `---
subject: Hello {{ contact.first_name | default: 'you' }} {{ deal.title | default: '' }}
preheader: {{ contact.company | default: 'A letter' }}
topic: marketing
---
<mjml><mj-body><mj-section><mj-column><mj-text>
${printed.map((path) => `<p title="{{ ${path} | default: '' }}">{{ ${path} | default: '' }}</p>`).join('\n')}
<a href="https://acme.example/?q={{ contact.note | default: '' | url_encode }}">Look</a>
<a href="{{ links.unsubscribe }}">Leave</a>
</mj-text></mj-column></mj-section></mj-body></mjml>
`,
};

/** With a field of the customer's own on both. */
const facts = {
  contact: { ...builtInFacts.contact, note: 'text' },
  deal: { ...builtInFacts.deal, note: 'text' },
} as const;
const catalogue = { ...emptyCatalogue, pipelines: [sales], facts };

export interface HostileReport {
  readonly [figure: string]: unknown;
  readonly events: number;
  readonly mails: number;
  readonly extraHeaders: number;
  readonly changedRecipients: number;
  readonly liveHtml: number;
  readonly serverErrors: number;
}

const allowed = new Set([
  ...['content-type', 'from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'list-unsubscribe'],
  ...[
    'list-unsubscribe-post',
    'list-id',
    'precedence',
    'auto-submitted',
    'x-auto-response-suppress',
    'feedback-id',
  ],
]);

export async function runHostile(
  ground: Ground,
  { every }: { every: number; seed: number },
): Promise<HostileReport> {
  const { db, databaseUrl, redisUrl } = ground;
  const log = pino({ level: 'silent' });
  const sink = await startSink({ keepBodies: true });
  const again = { ...letter, path: 'again.mjml' };
  await useDefinitions(db, 0, [pipelinesFile, greetingFile], [letter, again]);
  const clock = databaseClock(db);
  const made = await makeWebDeps(db, { clock, log, catalogue: async () => catalogue });
  const server = buildServer(made.deps);
  const events = makeEvents(every, await clock.now());
  let serverErrors = 0;
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const headers = { authorization: `Bearer ${method === 'GET' ? made.keys.read : made.keys.ingest}` };
    const answer = await server.inject({ method, url, headers, ...(payload && { payload }) });
    if (answer.statusCode >= 500) serverErrors += 1;
    return answer;
  };
  let accepted = 0;
  for (const event of events) accepted += Number((await ask('POST', '/v1/events', event)).statusCode === 202);
  const queues = await openQueues({ redisUrl, databaseUrl, log });
  const post = openPost(sink.url, log);
  const parts = partsOf({ db, clock, queues, steps, post, log, connections: 5, sweepMs: 50 });
  const workers = startParts(parts, ['advance', 'deliver', 'sweep']);
  try {
    await untilOver(db, accepted, 120_000);
    let liveHtml = 0;
    for (const { contact } of events) {
      const id = encodeURIComponent(contact.id);
      await ask('GET', `/v1/contacts/${id}`);
      liveHtml += Number(isLive((await ask('GET', `/contacts/${id}`)).body));
    }
    const judged = await Promise.all(sink.accepted.map((one) => judge(one, events)));
    const sum = (of: 'extraHeaders' | 'changedRecipients' | 'liveHtml') =>
      judged.reduce((total, one) => total + one[of], 0);
    return {
      ...{ events: events.length, accepted, mails: sink.accepted.length, serverErrors },
      extraHeaders: sum('extraHeaders'),
      changedRecipients: sum('changedRecipients') + countForeign(sink.commands, events),
      liveHtml: liveHtml + sum('liveHtml'),
    };
  } finally {
    await workers.stop();
    await queues.close();
    await post.transport.close();
    await server.close();
    await sink.close();
  }
}

type HostileEvent = ReturnType<typeof makeEvent>;

function makeEvents(every: number, now: number): HostileEvent[] {
  const strings = naughty.filter((_, n) => n % every === 0);
  const hostile = addresses.filter((_, n) => n % every === 0);
  return [
    ...strings.map((text, n) => makeEvent(`f${n}`, now, { text, email: `anna-${n}@acme.example` })),
    ...hostile.map((email, n) => makeEvent(`a${n}`, now, { email })),
    // The ids too, each alone: most are turned away, and none may do harm.
    ...strings.map((text, n) =>
      makeEvent(`${text.slice(0, 150)}${n}`, now, { email: `id-${n}@acme.example` }),
    ),
  ];
}

function makeEvent(id: string, now: number, { text = 'Anna', email }: { text?: string; email: string }) {
  // Names are turned away beyond 200 characters; a field of the customer's own takes the whole.
  const name = text.slice(0, 190).replace(/\p{Cs}$/u, '');
  return {
    id: `e-${id}`,
    type: 'deal.stage_changed',
    at: new Date(now).toISOString(),
    contact: {
      ...{ id: `c-${id}`, email, first_name: name, last_name: name, company: name, note: text },
      consent: { marketing: true },
    },
    deal: { id: `d-${id}`, pipeline: 'sales', stage: 'Lead', title: name, owner: name, note: text },
    data: { note: text },
  };
}

async function judge({ raw = '', to }: Accepted, events: readonly HostileEvent[]) {
  const read = await PostalMime.parse(Buffer.from(raw, 'latin1'));
  const names = read.headers.map((one) => one.key);
  const extra = names.filter((name, n) => !allowed.has(name) || names.indexOf(name) !== n);
  return {
    extraHeaders: extra.length,
    changedRecipients: Number(!isGiven(to, events)) + Number(!isTo(read, to)),
    liveHtml: Number(isLive(read.html ?? '')),
  };
}

function isTo({ to, cc, bcc }: Email, recipient: string): boolean {
  return to?.length === 1 && to[0]?.address === recipient && cc === undefined && bcc === undefined;
}

/** Every recipient that the server was told is an address that an event gave, as a whole. */
function countForeign(commands: readonly string[], events: readonly HostileEvent[]): number {
  const told = commands.flatMap((line) => /^RCPT TO:<([^>]*)>/i.exec(line)?.[1] ?? []);
  return told.filter((address) => !isGiven(address, events)).length;
}

function isGiven(address: string, events: readonly HostileEvent[]): boolean {
  return events.some(({ contact }) => {
    const given = contact.email.trim();
    const at = given.lastIndexOf('@') + 1;
    return address === given || address === given.slice(0, at) + domainToASCII(given.slice(at));
  });
}

/** An element, an attribute or an address of a contact's making; words that are shown as words are none. */
export function isLive(html: string): boolean {
  const tags = html.match(/<[a-z][^<>]*(?:"[^"]*"[^<>]*)*>/gi) ?? [];
  const bare = tags.map((tag) => tag.replace(/"[^"]*"/g, '""'));
  return (
    /<script>alert|<h1>Click|<b>x<\/b>/i.test(html) ||
    bare.some((tag) => /\son(error|mouseover)\s*=/i.test(tag)) ||
    /(href|src)="(javascript:|https:\/\/evil)/i.test(html) ||
    /\b7777\b/.test(html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' '))
  );
}

export const isHostileMet = (report: HostileReport): boolean =>
  report.extraHeaders + report.changedRecipients + report.liveHtml + report.serverErrors === 0 &&
  report.mails > 0;

export const f15 = defineTrial({
  name: 'F15',
  says: 'strings that break things in every field: extra headers 0, changed recipients 0, live HTML 0, 5xx 0',
  options: { every: 1 },
  run: (options, ground) => runHostile(ground, options),
  isMet: isHostileMet,
});
