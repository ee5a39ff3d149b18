// Every way out of sending and committing, who may take it, and what a dead address brings with it.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { claim, commit, rescue } from '../../db/deliveries.ts';
import { type Settlement, settle } from '../../db/settle.ts';
import { hash, hourMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday;
const token = randomUUID();
const take = () => claim(db, { now, limit: 100, token, leaseMs: 60_000 });
const rows = () => db.selectFrom('deliveries').selectAll().orderBy('id').execute();
const free = { token: null, lease_until: null };
const hard = { is: 'refused', why: '550 5.1.1 no such user', reason: 'userunknown', hard: true } as const;

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 3, { dueAt: null });
});

const outcomes: [Settlement['outcome'], object][] = [
  [
    { is: 'sent', reply: '250 queued as 17' },
    { state: 'sent', reply: '250 queued as 17', settled_at: now },
  ],
  [
    { is: 'later', at: now + hourMs, why: '451 try later' },
    { state: 'deferred', due_at: now + hourMs, why: '451 try later', settled_at: null, attempt: 1 },
  ],
  [
    { is: 'refused', why: '550 spam', reason: 'spam', hard: false },
    { state: 'refused', why: '550 spam', settled_at: now },
  ],
  [
    { is: 'unknown', why: 'the line broke after the dot' },
    { state: 'unknown', settled_at: now },
  ],
  [
    { is: 'withheld', why: 'the fence said no' },
    { state: 'cancelled', why: 'the fence said no', settled_at: now },
  ],
  [{ is: 'released' }, { state: 'queued', attempt: 0, settled_at: null, due_at: now }],
];
describe.each(['sending', 'committing'])('what is %s', (from) => {
  it.each(outcomes)('is settled as %o', async (outcome, row) => {
    const id = await makeDelivery(db);
    await take();
    if (from === 'committing') await commit(db, [{ id, token, addressHash: null }]);
    expect(await settle(db, [{ id, token, outcome }], now)).toBe(1);
    expect(await rows()).toMatchObject([{ ...row, ...free }]);
  });
});

it('a batch of all kinds is settled together, and a stranger to a row changes nothing', async () => {
  const ids = await Promise.all([...outcomes, outcomes[0]].map(() => makeDelivery(db)));
  await take();
  const settlements = outcomes.map(([outcome], i) => ({ id: ids[i] ?? '', token, outcome }));
  const stranger = {
    id: ids.at(-1) ?? '',
    token: randomUUID(),
    outcome: outcomes[0]?.[0] as Settlement['outcome'],
  };
  expect(await settle(db, [...settlements, stranger], now)).toBe(outcomes.length);
  expect(await settle(db, settlements, now)).toBe(0);
  const states = new Map((await rows()).map((row) => [row.id, row.state]));
  expect(states.get(stranger.id)).toBe('sending');
});

it('of two holders of one row, in one batch, the one with its token is believed, whoever comes first', async () => {
  for (const order of [1, -1]) {
    const id = await makeDelivery(db);
    await take();
    const live: Settlement = { id, token, outcome: { is: 'sent', reply: '250 ok' } };
    const stale: Settlement = { id, token: randomUUID(), outcome: { is: 'later', at: now, why: 'stale' } };
    await settle(
      db,
      [live, stale].sort(() => order),
      now,
    );
    expect((await rows()).find((row) => row.id === id)).toMatchObject({ state: 'sent' });
  }
});

it('a reply that comes after the rescue still counts for the copy that it is about, and no other does', async () => {
  const [sent, put, foreign] = [await makeDelivery(db), await makeDelivery(db), await makeDelivery(db)];
  await take();
  await commit(
    db,
    [sent, put, foreign].map((id) => ({ id, token, addressHash: null })),
  );
  await sql`update deliveries set lease_until = 'epoch'`.execute(db);
  await rescue(db, now);
  await settle(
    db,
    [
      { id: sent, token, outcome: { is: 'sent', reply: '250 ok' } },
      { id: put, token, outcome: { is: 'later', at: now, why: '451' } },
      { id: foreign, token: randomUUID(), outcome: hard },
    ],
    now,
  );
  expect((await rows()).map((row) => row.state)).toEqual(['sent', 'deferred', 'unknown']);
  expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
});

describe('a dead address', () => {
  it('is suppressed, its runs are told, and nothing else leaves for it', async () => {
    await db
      .updateTable('contacts')
      .where('id', '=', '2')
      .set({ email: 'c-1@acme.example', address_hash: hash('c-1@acme.example') })
      .execute();
    const id = await makeDelivery(db, { run_id: '7', node: 'intro' });
    await makeDelivery(db, { contact_id: '2', due_at: new Date(now + hourMs) });
    await makeDelivery(db, { contact_id: '3', due_at: new Date(now + hourMs) });
    await take();
    expect(await settle(db, [{ id, token, outcome: hard }], now)).toBe(1);
    expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([
      { address_hash: hash('c-1@acme.example'), topic: '*', reason: 'userunknown', at: now },
    ]);
    expect(
      await db.selectFrom('events').select(['contact_id', 'type', 'data']).orderBy('contact_id').execute(),
    ).toEqual([
      {
        contact_id: '1',
        type: 'mail.bounced',
        data: { hard: true, reason: 'userunknown', run: '7', step: 'intro', delivery: id },
      },
      { contact_id: '2', type: 'mail.bounced', data: { hard: true, reason: 'userunknown' } },
    ]);
    expect(await db.selectFrom('unread').selectAll().execute()).toHaveLength(2);
    expect(await db.selectFrom('agenda').selectAll().orderBy('contact_id').execute()).toEqual([
      { contact_id: '1', due_at: now },
      { contact_id: '2', due_at: now },
    ]);
    expect((await rows()).map((row) => row.state)).toEqual(['refused', 'cancelled', 'queued']);
  });

  it('is told once, however often it is settled, and not at all by a stranger', async () => {
    const id = await makeDelivery(db);
    await take();
    await settle(db, [{ id, token: randomUUID(), outcome: hard }], now);
    expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
    await settle(db, [{ id, token, outcome: hard }], now);
    await settle(db, [{ id, token, outcome: hard }], now);
    expect(await db.selectFrom('events').selectAll().execute()).toHaveLength(1);
  });
});

describe('a mail of which nobody knows whether it left', () => {
  const asked = (onUnknown: string) => ({ payload: JSON.stringify({ template: 'intro', onUnknown }) });
  const lost = { is: 'unknown', why: 'the line broke after the dot' } as const;

  it.each([
    ['hold', { state: 'unknown', unknown_at: now }],
    ['assume_sent', { state: 'sent', unknown_at: null, settled_at: now }],
    ['resend', { state: 'deferred', due_at: now + 60_000, settled_at: null }],
  ])('becomes what its step asks for: %s', async (onUnknown, row) => {
    const id = await makeDelivery(db, asked(onUnknown));
    await take();
    await settle(db, [{ id, token, outcome: lost }], now);
    expect(await rows()).toMatchObject([{ ...row, token: null }]);
  });

  it('is sent again twice at most', async () => {
    const id = await makeDelivery(db, { ...asked('resend'), attempt: 2 });
    await take();
    await settle(db, [{ id, token, outcome: lost }], now);
    expect(await rows()).toMatchObject([{ state: 'unknown' }]);
  });

  it.each([
    ['hold', 'unknown'],
    ['assume_sent', 'sent'],
    ['resend', 'queued'],
  ])('becomes that also where its worker died: %s', async (onUnknown, state) => {
    const id = await makeDelivery(db, asked(onUnknown));
    await take();
    await commit(db, [{ id, token, addressHash: null }]);
    await sql`update deliveries set lease_until = now() - interval '1 s'`.execute(db);
    await rescue(db, now);
    expect(await rows()).toMatchObject([{ state, ...free }]);
  });
});
