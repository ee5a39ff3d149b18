// The one path, walked once: a stage change becomes a mail. The eleven stops are called one by one, in the order in
// which the workers call them, with the ledger looked at between them. A newcomer reads this first.
import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { claim } from '../db/agenda.ts';
import { transact } from '../db/connect.ts';
import { claim as claimDeliveries, commit } from '../db/deliveries.ts';
import { apply, readStates } from '../db/runs.ts';
import { settle } from '../db/settle.ts';
import { react } from '../engine/react.ts';
import { steps } from '../steps/index.ts';
import { advanceBatch } from '../workers/advance.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { createIo } from '../workers/io.ts';
import { useDefinitions } from './harness/definitions.ts';
import { dayMs, minuteMs, monday } from './harness/factories.ts';
import { recordLog } from './harness/log.ts';
import { openPost } from './harness/post.ts';
import { startSink } from './harness/sink.ts';
import { openWeb } from './harness/web.ts';

const { server, db, keys, rings } = await openWeb();
const sink = await startSink();
const { log } = recordLog();
const post = openPost(sink.url, log);
const definitions = watchDefinitions(steps);
const neverAsked = () => Promise.reject(new Error('a mail asks for no work of people'));
await useDefinitions(db, monday);
afterAll(async () => {
  await post.transport.close();
  await sink.close();
});

const stageChange = {
  id: 'crm-1042-7',
  type: 'deal.stage_changed',
  at: '2026-11-23T10:00:00Z',
  contact: { id: 'c-17', email: 'anna@acme.example', first_name: 'Anna', consent: { marketing: true } },
  deal: { id: 'd-1042', pipeline: 'sales', stage: 'Lead', title: 'Pumps', amount: 12_000, currency: 'EUR' },
};
const rowsOf = (table: 'events' | 'unread' | 'agenda' | 'runs' | 'deliveries' | 'run_history') =>
  db.selectFrom(table).selectAll().execute();

it('a stage change becomes a mail, in eleven stops', async () => {
  //  1  web/events.ts        POST /v1/events        validate a batch, nothing else
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${keys.ingest}` },
    payload: stageChange,
  });
  expect([answer.statusCode, answer.json()]).toEqual([
    202,
    { results: [{ id: 'crm-1042-7', status: 'accepted' }] },
  ]);

  //  2  db/events.ts         record(tx)             contact, deal and event, unique by source id; agenda due now
  expect(await rowsOf('events')).toMatchObject([
    { source_id: 'crm-1042-7', data: { pipeline: 'sales', from: null, to: 'Lead' } },
  ]);
  const [due] = await rowsOf('agenda');
  expect(due).toMatchObject({ due_at: monday });

  //  3  workers/queues.ts    ring('advance')        after commit (web is handed `ring` as a function)
  expect(rings).toEqual(['advance']);

  //  4  workers/advance.ts   advanceBatch           until a claim comes back empty: stops 5 to 7, in one transaction
  await transact(db, async (tx) => {
    //  5  db/agenda.ts         claim(tx, now, 500)    skip locked; then open runs and unread events
    const { contactIds } = await claim(tx, monday, 500);
    const states = await readStates(tx, contactIds);
    expect(states).toMatchObject([
      { contact: { id: 'c-17' }, runs: [], events: [{ type: 'deal.stage_changed' }] },
    ]);

    //  6  engine/react.ts      react, advance, steps/send decide        pure: no await from here ...
    const program = await definitions.program(tx, []);
    const reactions = states.map((state) => react(program, state, monday));

    //  7  db/runs.ts           apply(tx, transitions)                   ... to here. One statement, then COMMIT
    expect(await apply(tx, reactions, monday)).toMatchObject({ deliveries: 1 });
  });
  expect(await rowsOf('unread')).toEqual([]);
  expect(await rowsOf('runs')).toMatchObject([
    { workflow: 'greeting', node: 'pause', wake_at: monday + 2 * dayMs },
  ]);
  expect(await rowsOf('agenda')).toMatchObject([{ due_at: monday + 2 * dayMs }]);
  expect((await rowsOf('run_history')).map((line) => 'what' in line && line.what)).toEqual([
    'entered',
    'queued',
    'waits',
  ]);
  expect(await rowsOf('deliveries')).toMatchObject([
    { key: 'hello#1', state: 'queued', payload: { template: 'hello' } },
  ]);

  //  8  workers/queues.ts    ring('deliver')        the bell carries nothing: the row is the fact
  //  9  workers/deliver.ts   claim: queued to sending; consent and suppression are checked here, and last at the fence
  const token = randomUUID();
  const [claimed] = await claimDeliveries(db, { now: monday, limit: 50, token, leaseMs: minuteMs });
  if (!claimed) throw new Error('nothing was claimed');
  const { delivery, facts } = claimed;
  expect(await rowsOf('deliveries')).toMatchObject([{ state: 'sending', attempt: 1 }]);

  // 10  steps/send.ts        perform                mail/compose (pure), mail/transport, mail/verdict
  const states: unknown[] = [];
  const gate = async () => {
    // The whole body is with the server, and the final dot is not: nothing has been accepted yet.
    expect(sink.accepted).toEqual([]);
    const mayLeave = (await commit(db, [{ id: delivery.id, token, addressHash: claimed.addressHash }])).has(
      delivery.id,
    );
    states.push(...(await rowsOf('deliveries')));
    return mayLeave;
  };
  const applied = await definitions.applied(db);
  const send = steps.find(({ verb }) => verb === delivery.verb);
  const outcome = await send?.perform?.(
    delivery,
    createIo(post, {
      delivery,
      facts,
      now: monday,
      ...applied,
      work: {
        makeTask: neverAsked,
        readNotice: neverAsked,
        askSurvey: neverAsked,
        readChange: neverAsked,
        writeReport: neverAsked,
      },
      gate,
    }),
  );
  expect(states).toMatchObject([{ state: 'committing' }]);
  expect(outcome).toMatchObject({ is: 'sent' });
  expect(sink.accepted.map((mail) => mail.to)).toEqual(['anna@acme.example']);

  // 11  db/settle.ts         sent | deferred | refused | unknown
  if (!outcome) throw new Error('the step has no act');
  await settle(db, [{ id: delivery.id, token, outcome }], monday);
  expect(await rowsOf('deliveries')).toMatchObject([{ state: 'sent', token: null, settled_at: monday }]);

  // The same again: the event is a duplicate, nobody is due, nothing is queued, nothing leaves.
  const again = await server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${keys.ingest}` },
    payload: stageChange,
  });
  expect(again.json()).toEqual({ results: [{ id: 'crm-1042-7', status: 'duplicate' }] });
  const ring = async () => undefined;
  const clock = { now: async () => monday };
  await advanceBatch({ db, clock, definitions, log, batch: 500, ring, isStopping: () => false });
  expect(await claimDeliveries(db, { now: monday, limit: 50, token, leaseMs: minuteMs })).toEqual([]);
  expect(sink.accepted).toHaveLength(1);
});
