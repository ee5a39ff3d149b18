// The way in: what a batch of events leaves in the ledger, whatever its order, and whoever else is writing.
import { sql } from 'kysely';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventInput } from '../../db/event-input.ts';
import { record } from '../../db/events.ts';
import { dayMs, hash, hourMs, makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday + hourMs;
const take = (...inputs: EventInput[]) => record(db, inputs, { now, hash, pipelines: [sales] });
const contacts = () => db.selectFrom('contacts').selectAll().orderBy('key').execute();
const deals = () => db.selectFrom('deals').selectAll().orderBy('key').execute();
const events = () => db.selectFrom('events').selectAll().orderBy('id').execute();
const moves = () =>
  db
    .selectFrom('stage_history')
    .select(['from_stage', 'to_stage', 'late', 'at'])
    .orderBy('at')
    .orderBy('id')
    .execute();

beforeEach(async () => {
  await emptyLedger(db);
});

describe('one event', () => {
  it('makes its contact and deal, joins the log unread, and makes the contact due', async () => {
    const input = makeStageChange('Lead', {
      contact: {
        email: 'anna@acme.example',
        first_name: 'Anna',
        consent: { marketing: true },
        city: 'Kazan',
      },
      deal: { title: 'Pumps', amount: 12000.5, currency: 'EUR', owner: 'olga', source: 'fair' },
      data: { by: 'olga' },
    });
    expect(await take(input)).toEqual([{ id: input.id, status: 'accepted' }]);
    expect(await contacts()).toMatchObject([
      {
        id: '1',
        key: 'c-17',
        email: 'anna@acme.example',
        address_hash: hash('anna@acme.example'),
        first_name: 'Anna',
        consent: { marketing: true },
        fields: { city: 'Kazan' },
        facts_at: monday,
        created_at: monday,
      },
    ]);
    expect(await deals()).toMatchObject([
      {
        key: 'd-1042',
        contact_id: '1',
        pipeline: 'sales',
        stage: 'Lead',
        stage_at: monday,
        amount: 12000.5,
        fields: { source: 'fair' },
      },
    ]);
    expect(await events()).toMatchObject([
      {
        type: 'deal.stage_changed',
        contact_id: '1',
        deal_id: '1',
        at: monday,
        received_at: now,
        data: { by: 'olga', pipeline: 'sales', from: null, to: 'Lead', late: false },
      },
    ]);
    expect(await db.selectFrom('unread').selectAll().execute()).toEqual([{ contact_id: '1', event_id: '1' }]);
    expect(await db.selectFrom('agenda').selectAll().execute()).toEqual([{ contact_id: '1', due_at: now }]);
  });

  it('leaves alone what it does not say, and empties what it says is null', async () => {
    await take(
      makeEvent({ contact: { email: 'anna@acme.example', first_name: 'Anna', city: 'Kazan', size: 4 } }),
    );
    await take(makeEvent({ at: monday + 1, contact: { last_name: 'Ivanova', city: null } }));
    expect(await contacts()).toMatchObject([
      { email: 'anna@acme.example', first_name: 'Anna', last_name: 'Ivanova', fields: { size: 4 } },
    ]);
  });

  it('changes the address and its hash together, and two contacts may share one', async () => {
    await take(makeEvent({ contact: { email: 'old@acme.example' } }));
    await take(
      makeEvent({ at: monday + 1, contact: { email: 'new@acme.example' } }),
      makeEvent({ contact: { id: 'c-18', email: 'new@acme.example' } }),
    );
    const [one, other] = await contacts();
    expect(one?.address_hash).toEqual(hash('new@acme.example'));
    expect(other?.address_hash).toEqual(one?.address_hash);
  });

  it('brings a contact that was due later forward, and never back', async () => {
    await take(makeEvent());
    await db
      .updateTable('agenda')
      .set({ due_at: new Date(now + dayMs) })
      .execute();
    await take(makeEvent());
    expect(await db.selectFrom('agenda').select('due_at').execute()).toEqual([{ due_at: now }]);
    await db
      .updateTable('agenda')
      .set({ due_at: new Date(now - dayMs) })
      .execute();
    await take(makeEvent());
    expect(await db.selectFrom('agenda').select('due_at').execute()).toEqual([{ due_at: now - dayMs }]);
  });

  it('leaves a parked contact parked, with the event unread', async () => {
    await take(makeEvent());
    await sql`update agenda set due_at = 'infinity'`.execute(db);
    await take(makeEvent());
    const { rows } = await sql`select due_at = 'infinity' as parked from agenda`.execute(db);
    expect(rows).toEqual([{ parked: true }]);
    expect(await db.selectFrom('unread').selectAll().execute()).toHaveLength(2);
  });
});

describe('the same event again', () => {
  it('counts once within a batch, across batches, and from ten senders at once', async () => {
    const input = makeStageChange('Lead');
    const twin = { ...input, contact: { id: 'c-17', first_name: 'Changed' } };
    expect((await take(input, twin)).map((one) => one.status)).toEqual(['accepted', 'duplicate']);
    expect((await take(twin)).map((one) => one.status)).toEqual(['duplicate']);
    const next = makeStageChange('Proposal', { at: monday + 1 });
    const results = await Promise.all(Array.from({ length: 10 }, () => take(next)));
    expect(results.flat().filter((one) => one.status === 'accepted')).toHaveLength(1);
    expect(await events()).toHaveLength(2);
    expect(await moves()).toHaveLength(2);
    expect((await contacts())[0]?.first_name).toBeNull();
  });

  it('counts once when two senders name different contacts with it at the same time', async () => {
    const inputs = Array.from({ length: 8 }, (_, i) => ({
      ...makeEvent({ contact: { id: `c-${i}` } }),
      id: 'twin',
    }));
    const results = await Promise.all(inputs.map((one) => take(one)));
    expect(results.flat().filter((one) => one.status === 'accepted')).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });
});

describe('what the ledger could not hold', () => {
  it.each([
    ['data.note', makeEvent({ data: { note: 'zero \0 byte' } })],
    ['contact.first_name', makeEvent({ contact: { first_name: 'half \ud800' } })],
    ['contact.id', makeEvent({ contact: { id: 'x'.repeat(201) } })],
    ['id', makeEvent({ id: 'voronka:1' })],
    ['at', makeEvent({ at: now + 2 * dayMs })],
    ['deal.stage', makeEvent({ type: 'deal.stage_changed', deal: { id: 'd-1' } })],
  ])('is refused at %s, alone', async (path, bad) => {
    const results = await take(bad, makeEvent());
    expect(results.map((one) => [one.status, one.path])).toEqual([
      ['refused', path],
      ['accepted', undefined],
    ]);
  });
});

it('a consent that is withdrawn is also an event that ends runs; a late withdrawal is not', async () => {
  await take(makeEvent({ contact: { consent: { marketing: true, digest: true } } }));
  await take(makeEvent({ at: monday + 1, contact: { consent: { marketing: false } } }));
  await take(makeEvent({ at: monday, contact: { consent: { digest: false } } }));
  expect((await events()).filter((one) => one.type === 'contact.unsubscribed')).toMatchObject([
    { data: { topic: 'marketing' }, at: monday + 1 },
  ]);
  expect((await contacts())[0]?.consent).toEqual({ marketing: false, digest: true });
});

it('a deal that is spoken of with another contact goes over to it', async () => {
  await take(makeStageChange('Lead'));
  await take(makeStageChange('Proposal', { at: monday + 1, contact: { id: 'c-18' } }));
  expect((await deals())[0]?.contact_id).toBe((await contacts())[1]?.id);
});

it('a deal that goes over is told to the contact it leaves, once, ahead of the event that did it', async () => {
  await take(makeStageChange('Lead', { contact: { id: 'c-17' } }));
  await db.deleteFrom('unread').execute();
  await db
    .updateTable('agenda')
    .set({ due_at: new Date(now + dayMs) })
    .execute();
  await take(
    makeStageChange('Proposal', { id: 'over', at: monday + 1, contact: { id: 'c-18' } }),
    makeStageChange('Lead', { id: 'late', at: monday - 1, contact: { id: 'c-17' } }),
  );
  const [old, next] = await contacts();
  const unread = await db
    .selectFrom('unread')
    .innerJoin('events', 'events.id', 'unread.event_id')
    .select(['unread.contact_id', 'source_id', 'type', 'deal_id'])
    .where('source_id', 'like', '%over%')
    .orderBy('events.id')
    .execute();
  const deal_id = (await deals())[0]?.id;
  expect(unread).toEqual([
    { contact_id: old?.id, source_id: 'voronka:over:contact', type: 'deal.contact_changed', deal_id },
    { contact_id: next?.id, source_id: 'over', type: 'deal.stage_changed', deal_id },
  ]);
  expect((await events()).filter(({ type }) => type === 'deal.contact_changed')).toHaveLength(1);
  const due = await db
    .selectFrom('agenda')
    .select('due_at')
    .where('contact_id', '=', String(old?.id))
    .execute();
  expect(due).toEqual([{ due_at: now }]);
});

it('a deal that went over while a batch waited is told to the contact that has it by then', async () => {
  await take(makeStageChange('Lead'), makeEvent({ contact: { id: 'c-18' } }));
  await db
    .updateTable('agenda')
    .set({ due_at: new Date(now + dayMs) })
    .execute();
  const [first, second] = (await contacts()).map(({ id }) => id);
  let taken: Promise<unknown> | null = null;
  await db.transaction().execute(async (tx) => {
    await sql`select from agenda where contact_id = ${first} for update`.execute(tx);
    taken = take(makeStageChange('Proposal', { id: 'over', at: monday + 1, contact: { id: 'c-19' } }));
    await vi.waitFor(
      async () => {
        const { rows } = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
          db,
        );
        expect(rows).toHaveLength(1);
      },
      { timeout: 30_000, interval: 20 },
    );
    await sql`update deals set contact_id = ${second}`.execute(tx);
  });
  await taken;
  const told = (await events()).filter(({ type }) => type === 'deal.contact_changed');
  expect(told).toMatchObject([{ contact_id: second, source_id: 'voronka:over:contact' }]);
  const due = await db
    .selectFrom('agenda')
    .select('due_at')
    .where('contact_id', '=', String(second))
    .execute();
  expect(due).toEqual([{ due_at: now }]);
});

it('twenty batches over the same contacts in random order neither lock up nor lose an event', async () => {
  const batches = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 50 }, (_, j) =>
      makeStageChange(sales.stages[(i + j) % 6] as string, {
        at: monday + i,
        contact: { id: `c-${(j * 7 + i * 13) % 60}` },
        deal: { id: `d-${(j * 11 + i * 5) % 60}` },
      }),
    ),
  );
  const results = await Promise.all(batches.map((batch) => take(...batch)));
  expect(results.flat().every((one) => one.status === 'accepted')).toBe(true);
  expect(
    (await events()).filter(({ type }) => type === 'deal.stage_changed' || type === 'deal.updated'),
  ).toHaveLength(1000);
});

it('a thousand events take as many statements as one', async () => {
  let statements = 0;
  const counted = db.withPlugin({
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const inputs = Array.from({ length: 1000 }, (_, i) =>
    makeStageChange('Lead', { contact: { id: `c-${i}` }, deal: { id: `d-${i}` } }),
  );
  await record(counted, inputs, { now, hash, pipelines: [sales] });
  expect(statements).toBe(3);
  expect(await contacts()).toHaveLength(1000);
});
