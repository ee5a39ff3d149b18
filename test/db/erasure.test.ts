// Erasing: what goes, what stays without the person, and who comes too late.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { confirmConsent } from '../../db/consent-confirm.ts';
import { claim, commit } from '../../db/deliveries.ts';
import { eraseContact, readTraces } from '../../db/erasure.ts';
import { record } from '../../db/events.ts';
import { takeReports } from '../../db/incoming.ts';
import { settle } from '../../db/settle.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { answerSurvey, openSurvey } from '../../db/surveys.ts';
import { hash, makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import { emptyLedger, makeDelivery, makePlan, usePlans } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday;
const token = randomUUID();
const email = 'anna@acme.example';
const take = () => claim(db, { now, limit: 100, token, leaseMs: 60_000 });
const bring = (contact: object = {}) =>
  record(db, [makeStageChange('Lead', { contact: { id: 'c-17', email, first_name: 'Anna', ...contact } })], {
    now,
    hash,
    pipelines: [sales],
  });
const all = <T = Record<string, unknown>>(table: string) =>
  sql<T>`select * from ${sql.table(table)} order by 1`.execute(db).then(({ rows }) => rows);

beforeEach(async () => {
  await emptyLedger(db);
  await usePlans(db, makePlan());
  await bring();
  await sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, wake_at, workflow, plan_hash, node, memory)
    select contact_id, id, instant(${now}), instant(${now}), instant(${now}), 'nurture', 'hash-of-nurture', 'intro',
      '{"visits": {"intro": 1}, "happened": {"clicked": ["intro"]}}' from deals`.execute(db);
});

it('ends runs as erased and keeps what is counted, under the number of nobody', async () => {
  await makeDelivery(db, { state: 'sent', settled_at: new Date(now), reply: `250 ok ${email}` });
  expect(await readTraces(db, 'c-17')).toMatchObject({
    hasAddress: true,
    deals: 1,
    openRuns: 1,
    deliveries: 1,
  });
  expect(await eraseContact(db, 'c-17', now)).toMatchObject({ deals: 1, openRuns: 1 });
  expect(await all('contacts')).toEqual([]);
  expect(await all('agenda')).toEqual([]);
  expect(await all('events')).toEqual([]);
  const [run] = await all('runs');
  expect(run).toMatchObject({
    outcome: 'erased',
    node: null,
    memory: { visits: { intro: 1 }, happened: {} },
  });
  expect(await all('deals')).toMatchObject([{ stage: 'Lead', title: null, contact_id: run?.contact_id }]);
  expect(await all('stage_history')).toMatchObject([{ to_stage: 'Lead', contact_id: run?.contact_id }]);
  expect(await all('deliveries')).toMatchObject([{ state: 'sent', reply: null, payload: { erased: true } }]);
  expect(run?.contact_id).not.toBe('1');
});

it('its moves of a deal that went to somebody else lead to nobody, and the deal stays with its new contact', async () => {
  const next = { at: now + 1_000, contact: { id: 'c-18', first_name: 'Berta' } };
  await record(db, [makeStageChange('Qualification', next)], { now: now + 1_000, hash, pipelines: [sales] });
  const [deal] = await all('deals');
  expect(await all('stage_history')).toMatchObject([
    { contact_id: '1', to_stage: 'Lead' },
    { contact_id: deal?.contact_id, to_stage: 'Qualification' },
  ]);
  await eraseContact(db, 'c-17', now + 2_000);
  const [first, second] = await all('stage_history');
  expect(first).toMatchObject({ to_stage: 'Lead', event_id: null });
  expect([deal?.contact_id, '1']).not.toContain(first?.contact_id);
  expect(second).toMatchObject({ to_stage: 'Qualification', contact_id: deal?.contact_id });
  expect(await all('deals')).toMatchObject([{ contact_id: deal?.contact_id, key: deal?.key }]);
});

it('is done once, and nobody else is touched', async () => {
  await record(db, [makeEvent({ contact: { id: 'c-18', first_name: 'Berta' } })], {
    now,
    hash,
    pipelines: [sales],
  });
  expect(await eraseContact(db, 'c-18', now)).toMatchObject({ hasAddress: false, events: 1 });
  expect(await eraseContact(db, 'c-18', now)).toBeNull();
  expect(await eraseContact(db, 'nobody', now)).toBeNull();
  expect(await all('contacts')).toMatchObject([{ key: 'c-17', first_name: 'Anna' }]);
  expect(await all('suppressions')).toEqual([]);
  expect(await readTraces(db, 'c-17')).toMatchObject({ openRuns: 1, events: 1 });
});

it('who is brought in again is a new contact, to whose address nothing goes', async () => {
  await eraseContact(db, 'c-17', now);
  expect(await bring({ consent: { marketing: true } })).toMatchObject([{ status: 'accepted' }]);
  const [contact] = await all<{ id: string }>('contacts');
  await makeDelivery(db, { contact_id: contact?.id ?? '' });
  await makeDelivery(db, { contact_id: contact?.id ?? '', topic: null });
  expect(await take()).toEqual([]);
  expect((await all('deliveries')).map((one) => one.why)).toEqual([
    'suppressed: erased',
    'suppressed: erased',
  ]);
});

it('a mail that was claimed before it does not pass the fence', async () => {
  await bring({ consent: { marketing: true } });
  const id = await makeDelivery(db);
  expect(await take()).toHaveLength(1);
  expect(await eraseContact(db, 'c-17', now)).toMatchObject({ unsent: 1 });
  expect(await commit(db, [{ id, token, addressHash: hash(email) }])).toEqual(new Set());
  expect(await all('deliveries')).toMatchObject([{ state: 'cancelled', why: 'the contact was erased' }]);
});

it('a mail whose dot is out is settled without the words of the server', async () => {
  await bring({ consent: { marketing: true } });
  const id = await makeDelivery(db);
  await take();
  await commit(db, [{ id, token, addressHash: hash(email) }]);
  expect(await eraseContact(db, 'c-17', now)).toMatchObject({ leaving: 1 });
  const why = `550 5.1.1 <${email}> is unknown`;
  await settle(db, [{ id, token, outcome: { is: 'refused', why, reason: 'userunknown', hard: true } }], now);
  expect(await all('deliveries')).toMatchObject([
    { state: 'refused', why: 'the contact was erased', reply: null },
  ]);
  expect(await all('events')).toEqual([]);
});

it('a report, an answer or a yes that comes after it is of nobody', async () => {
  const deliveryId = await makeDelivery(db, { state: 'sent', settled_at: new Date(now) });
  const run = { runId: '1', workflow: 'nurture', node: 'ask', contactId: '1', dealId: null };
  const asking = await openSurvey(db, { ...run, id: deliveryId, survey: 'nps', now });
  await answerSurvey(db, asking, { score: 9, comment: 'Anna likes it', now });
  await eraseContact(db, 'c-17', now);
  expect(await all('survey_answers')).toMatchObject([{ score: 9, comment: null }]);
  expect(await answerSurvey(db, asking, { score: 3, comment: 'again', now })).toBeNull();
  await takeReports(db, [{ deliveryId, is: 'replied', id: 'm1', reason: null, hard: false }], now);
  expect(await confirmConsent(db, { contactId: '1', now, proofOf: () => ({ how: 'button' }) })).toEqual([]);
  for (const table of ['contacts', 'events', 'unread']) expect(await all(table)).toEqual([]);
});

it('a proof may be untied from the ledger, and changed in no other way', async () => {
  await record(
    db,
    [
      makeEvent({
        id: 'crm-proof',
        contact: {
          id: 'c-17',
          consent: { digest: true },
          consent_proof: { how: 'form', text: 'Yes, please.' },
        },
      }),
    ],
    { now, hash, pipelines: [sales] },
  );
  await eraseContact(db, 'c-17', now);
  const proofs = (await all('consents')).filter((one) => one.topic === 'digest');
  expect(proofs).toMatchObject([{ what: 'given', how: 'form', source_id: null, address_hash: hash(email) }]);
  for (const change of [sql`how = 'x'`, sql`source_id = 'x'`, sql`address_hash = null`])
    await expect(sql`update consents set ${change}`.execute(db)).rejects.toThrow('only added to');
  await expect(sql`delete from consents`.execute(db)).rejects.toThrow('only added to');
});

it('whoever comes at the same moment comes before it, or finds nobody', async () => {
  const options = { now, hash, pipelines: [sales] };
  const keys = Array.from({ length: 40 }, (_, n) => `r-${n}`);
  const bringOne = (key: string, about: object) =>
    record(
      db,
      [makeStageChange('Lead', { contact: { id: key, ...about }, deal: { id: `deal-of-${key}` } })],
      options,
    );
  await Promise.all(
    keys.map((key) => bringOne(key, { email: `${key}@acme.example`, consent: { marketing: true } })),
  );
  const { rows } = await sql<{
    id: string;
    key: string;
  }>`select id, key from contacts where key like 'r-%'`.execute(db);
  await Promise.all(
    rows.flatMap(({ id, key }) => [
      eraseContact(db, key, now),
      bringOne(key, { first_name: 'Again' }),
      unsubscribe(db, { contactId: id, topic: 'marketing', now }),
      eraseContact(db, key, now),
    ]),
  );
  const { rows: left } = await sql<{ orphans: number; kept: number }>`
    select (select count(*)::int from events where not exists (select 1 from contacts where contacts.id = contact_id))
        + (select count(*)::int from unread where not exists (select 1 from events where events.id = event_id)) as orphans,
      (select count(*)::int from contacts where key like 'r-%' and email is not null) as kept`.execute(db);
  expect(left).toEqual([{ orphans: 0, kept: 0 }]);
  expect((await all('suppressions')).filter((one) => one.topic === '*')).toHaveLength(40);
});

it('knows every table that speaks of a contact, a delivery, a task or an asking', async () => {
  const { rows } = await sql<{ place: string }>`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and column_name in ('contact_id', 'delivery_id', 'task_id', 'send_id', 'run_id')
    order by 1`.execute(db);
  expect(rows.map(({ place }) => place)).toEqual([
    'agenda.contact_id',
    'batch_deaths.contact_id',
    'consents.contact_id',
    'consents.delivery_id',
    'deals.contact_id',
    'deliveries.contact_id',
    'deliveries.run_id',
    'events.contact_id',
    'hits.delivery_id',
    'mail_faults.delivery_id',
    'run_history.run_id',
    'runs.contact_id',
    'scores.contact_id',
    'stage_history.contact_id',
    'survey_answers.send_id',
    'survey_sends.contact_id',
    'survey_sends.delivery_id',
    'survey_sends.run_id',
    'task_changes.delivery_id',
    'task_changes.task_id',
    'tasks.contact_id',
    'tasks.run_id',
    'unread.contact_id',
  ]);
});
