// A click, from the mail to the run: a link is taken out of what the server got, followed, judged by the sweep, and heard
// by the workflow that waits for it. Scanners are heard by nobody.
import { afterAll, expect, it } from 'vitest';
import { openFastClock } from '../../cli/clock.ts';
import { record } from '../../db/events.ts';
import { steps } from '../../steps/index.ts';
import { buildServer } from '../../web/server.ts';
import { openQueues } from '../../workers/queues.ts';
import { partsOf, startParts } from '../../workers/run.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { freshEngine } from '../harness/engines.ts';
import { dayMs, hash, makeStageChange, minuteMs, monday, sales } from '../harness/factories.ts';
import { recordLog } from '../harness/log.ts';
import { house, openPost } from '../harness/post.ts';
import { startSink } from '../harness/sink.ts';
import { makeWebDeps } from '../harness/web-deps.ts';

const { db, databaseUrl, redisUrl } = await freshEngine('postgres');
const clock = openFastClock(monday);
const sink = await startSink({ keepBodies: true });
const { log } = recordLog();
const policy = {
  path: 'policy.yaml',
  text: `company: { name: Acme, address: Street 1, zone: UTC }
topics:
  marketing: { name: News, text: News may come., opens: true, clicks: true }
`,
};
const workflow = {
  path: 'greeting.yaml',
  text: `workflow: greeting
description: Greets a lead and stops when it looks
owner: marketing@acme.example
enter:
  when: deal.stage enters "Lead"
exit:
  - when: contact clicks hello
    outcome: looked
    goal: true
topic: marketing
steps:
  - id: hello
    send: hello
  - id: pause
    wait: 30d
`,
};
const letter = {
  path: 'hello.mjml',
  text: `---
subject: Hello
preheader: A letter
topic: marketing
---
<mjml><mj-body><mj-section><mj-column><mj-text>
<a href="https://acme.example/prices">Prices</a> <a href="{{ links.unsubscribe }}">Leave</a>
</mj-text></mj-column></mj-section></mj-body></mjml>
`,
};
await useDefinitions(db, monday, [pipelinesFile, policy, workflow], [letter]);
const queues = await openQueues({ redisUrl, databaseUrl, log });
const post = openPost(sink.url, log);
const workers = startParts(partsOf({ db, clock, queues, steps, post, log, connections: 2, sweepMs: 50 }), [
  'advance',
  'deliver',
  'sweep',
]);
let ticks = 0;
const made = await makeWebDeps(db, { clock, log, linkKeys: house.keys, ticks: () => ticks });
const server = buildServer(made.deps);
afterAll(async () => {
  await workers.stop();
  await queues.close();
  await post.transport.close();
  await server.close();
  await sink.close();
});

const follow = async (path: string, agent: string) => {
  const answer = await server.inject({ method: 'GET', url: path, headers: { 'user-agent': agent } });
  expect([answer.statusCode, answer.headers.location]).toEqual([302, 'https://acme.example/prices']);
};
/** Business time goes on; the hits that are on their way to the ledger keep their instants. */
const pass = (ms: number) => {
  clock.moveTo(clock.at() + ms);
  ticks += ms;
};
const hits = async () =>
  (await db.selectFrom('hits').select(['class']).orderBy('id').execute()).map((one) => one.class);
const outcomes = async () =>
  (await db.selectFrom('runs').select('outcome').execute()).map((one) => one.outcome);
const patience = { timeout: 60_000 };

it('a person who follows a link moves the run that waits for it, and a scanner does not', {
  timeout: 400_000,
}, async () => {
  const contact = { id: 'c-1', email: 'anna@acme.example', consent: { marketing: true } };
  const events = [makeStageChange('Lead', { at: monday, contact, deal: { id: 'd-1' } })];
  await record(db, events, { now: monday, hash, pipelines: [sales] });
  await queues.ring('advance');
  await sink.until(1);
  const body = (sink.accepted[0]?.raw ?? '').replace(/=\r\n/g, '');
  const [path = ''] = /\/c\/[\w.:-]+/.exec(body) ?? [];
  expect(body).toContain('Prices <https://acme.example/prices>');
  expect(body).toMatch(/<img src="http:\/\/127\.0\.0\.1:9\/o\/[\w.:-]+"/);
  const settled = () => db.selectFrom('deliveries').select('state').execute();
  await expect.poll(settled, patience).toEqual([{ state: 'sent' }]);

  pass(minuteMs);
  await follow(path, 'curl/8.5.0');
  await expect.poll(hits, patience).toEqual([null]);
  pass(minuteMs);
  await expect.poll(hits, patience).toEqual(['scanner']);
  expect(await outcomes()).toEqual([null]);

  pass(dayMs);
  await follow(path, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
  await expect.poll(async () => (await hits()).length, patience).toBe(2);
  pass(minuteMs);
  await expect.poll(outcomes, patience).toEqual(['looked']);
  expect(await hits()).toEqual(['scanner', 'human']);
});
