// Who takes a delivery, and the fence before its dot: one holder, nothing that is forbidden, nothing illegal in a row.
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { claim, commit, hasDue, nextDueAt, rescue } from '../../db/deliveries.ts';
import { dayMs, hash, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery, untilBlocked } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday;
const token = randomUUID();
const take = (limit = 100, by = token) => claim(db, { now, limit, token: by, leaseMs: 60_000 });
const rows = () => db.selectFrom('deliveries').selectAll().orderBy('id').execute();
const expireLeases = () =>
  db
    .updateTable('deliveries')
    .where('lease_until', 'is not', null)
    .set({ lease_until: new Date(0) })
    .execute();
const suppress = (topic: string) =>
  db
    .insertInto('suppressions')
    .values({ address_hash: hash('c-1@acme.example'), topic, reason: 'userunknown', at: new Date(now) })
    .execute();
const withdraw = () => db.updateTable('contacts').set({ consent: '{}' }).execute();

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 2);
});

describe('a claim', () => {
  it('takes what is due, the longest due first, with all that a send needs', async () => {
    const deal = await db
      .insertInto('deals')
      .values({
        contact_id: '1',
        key: 'd-1',
        title: 'Pumps',
        fields: '{}',
        created_at: new Date(now),
        updated_at: new Date(now),
        facts_at: new Date(now),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const second = await makeDelivery(db, { deal_id: deal.id, run_id: '77' });
    const first = await makeDelivery(db, {
      due_at: new Date(now - 1),
      state: 'deferred',
      why: 'busy',
      attempt: 2,
    });
    await makeDelivery(db, { due_at: new Date(now + 1) });
    const claimed = await take();
    expect(claimed.map((one) => [one.delivery.id, one.delivery.attempt])).toEqual([
      [first, 3],
      [second, 1],
    ]);
    expect(claimed[1]).toEqual({
      delivery: {
        id: second,
        runId: '77',
        workflow: 'nurture',
        contactId: '1',
        dealId: deal.id,
        attempt: 1,
        createdAt: monday,
        key: 'intro#1',
        verb: 'send',
        node: 'intro',
        topic: 'marketing',
        payload: { template: 'intro' },
        dueAt: now,
        expiresAt: monday + 3 * dayMs,
      },
      facts: {
        contact: { id: 'c-1', email: 'c-1@acme.example', consent: { marketing: true }, created_at: monday },
        deal: { id: 'd-1', title: 'Pumps', created_at: monday, updated_at: monday },
      },
      addressHash: hash('c-1@acme.example'),
    });
    expect(await rows()).toMatchObject([
      { state: 'sending', token, attempt: 1 },
      { state: 'sending', token, attempt: 3 },
      { state: 'queued', token: null, lease_until: null },
    ]);
  });

  it('shares with another claim at the same time, and never the same row', async () => {
    for (let i = 0; i < 20; i++) await makeDelivery(db);
    const both = await Promise.all([take(10), take(10, randomUUID())]);
    const ids = both.flat().map((one) => one.delivery.id);
    expect(new Set(ids).size).toBe(20);
  });

  it.each([
    ['suppressed: userunknown', () => suppress('*')],
    ['suppressed: userunknown', () => suppress('marketing')],
    ['no consent for marketing', withdraw],
    ['the contact is gone', () => db.deleteFrom('contacts').execute()],
    [
      'its time ran out before it could leave',
      () =>
        db
          .updateTable('deliveries')
          .set({ expires_at: new Date(now) })
          .execute(),
    ],
  ])('cancels with the reason: %s', async (why, forbid) => {
    await makeDelivery(db);
    await forbid();
    expect(await take()).toEqual([]);
    expect(await rows()).toMatchObject([
      { state: 'cancelled', why, settled_at: now, attempt: 0, token: null },
    ]);
  });

  it('needs no consent without a topic, and minds no suppression of another topic', async () => {
    await makeDelivery(db, { topic: null });
    await withdraw();
    await suppress('marketing');
    expect(await take()).toHaveLength(1);
  });
});

describe('the fence', () => {
  it('lets pass what its token holds, once', async () => {
    const id = await makeDelivery(db);
    await take();
    expect(await commit(db, [{ id, token, addressHash: null }])).toEqual(new Set([id]));
    expect(await commit(db, [{ id, token, addressHash: null }])).toEqual(new Set());
    expect(await rows()).toMatchObject([{ state: 'committing', token }]);
  });

  it.each([
    ['is held by another token', () => db.updateTable('deliveries').set({ token: randomUUID() }).execute()],
    [
      'was cancelled',
      () =>
        db
          .updateTable('deliveries')
          .set({
            state: 'cancelled',
            token: null,
            lease_until: null,
            settled_at: new Date(now),
            why: 'replied',
          })
          .execute(),
    ],
    ['was suppressed', () => suppress('*')],
    ['was suppressed for its topic', () => suppress('marketing')],
    ['lost its consent', withdraw],
    ['lost its contact', () => db.deleteFrom('contacts').execute()],
    ['was rescued', () => expireLeases().then(() => rescue(db, now))],
  ])('stops what %s since it was claimed', async (_, happen) => {
    const id = await makeDelivery(db);
    await take();
    await happen();
    expect(await commit(db, [{ id, token, addressHash: null }])).toEqual(new Set());
  });

  it('stops what goes to a suppressed address, although the contact has another by now', async () => {
    const id = await makeDelivery(db);
    const [claimed] = await take();
    await suppress('*');
    const elsewhere = { email: 'new@acme.example', address_hash: hash('new@acme.example') };
    await db.updateTable('contacts').set(elsewhere).execute();
    const { addressHash = null } = claimed ?? {};
    expect(await commit(db, [{ id, token, addressHash }])).toEqual(new Set());
  });

  it('waits for a cancellation that is under way, and then sees it', async () => {
    const id = await makeDelivery(db);
    const other = await makeDelivery(db, { contact_id: '2' });
    await take();
    let passed: Promise<Set<string>> | undefined;
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('deliveries')
        .where('id', '=', id)
        .set({
          state: 'cancelled',
          token: null,
          lease_until: null,
          settled_at: new Date(now),
          why: 'replied',
        })
        .execute();
      passed = commit(db, [
        { id, token, addressHash: null },
        { id: other, token, addressHash: null },
      ]);
      await untilBlocked(db);
    });
    expect(await passed).toEqual(new Set([other]));
  });
});

describe('what a dead worker held', () => {
  it('goes back to the queue where it surely did not leave, and is unknown where it may have', async () => {
    const unsent = await makeDelivery(db);
    const maybe = await makeDelivery(db);
    await take();
    await commit(db, [{ id: maybe, token, addressHash: null }]);
    expect(await rescue(db, now)).toEqual({ queued: 0, unknown: 0, refused: 0 });
    await expireLeases();
    expect(await rescue(db, now)).toEqual({ queued: 1, unknown: 1, refused: 0 });
    expect(await rows()).toMatchObject([
      { id: unsent, state: 'queued', token: null, settled_at: null },
      { id: maybe, state: 'unknown', token: null, settled_at: now },
    ]);
    expect((await take()).map((one) => one.delivery.id)).toEqual([unsent]);
  });

  it('waits apart from its neighbours after four deaths, and is refused with the reason after ten', async () => {
    await makeDelivery(db);
    const fates = [];
    for (let death = 1; death <= 10; death++) {
      const [row] = await rows();
      const at = Math.max(now, Number(row?.due_at));
      await claim(db, { now: at, limit: 1, token, leaseMs: 60_000 });
      await expireLeases();
      await rescue(db, at);
      const [after] = await rows();
      fates.push([after?.state, Number(after?.due_at) > at]);
    }
    const beside = Array(3).fill(['queued', false]);
    expect(fates).toEqual([...beside, ...Array(6).fill(['queued', true]), ['refused', false]]);
    expect(await rows()).toMatchObject([
      { deaths: 10, why: 'fault: its worker died 10 times with it in hand', settled_at: expect.anything() },
    ]);
  });
});

it('knows what is due and when the next one will be', async () => {
  expect([await hasDue(db, now), await nextDueAt(db)]).toEqual([false, null]);
  await makeDelivery(db, { due_at: new Date(now + 5) });
  expect([await hasDue(db, now), await hasDue(db, now + 5), await nextDueAt(db)]).toEqual([
    false,
    true,
    now + 5,
  ]);
});

const over = new Date(now);
const held = { token, lease_until: over };
it.each([
  ['held_by_a_token', { state: 'sending', lease_until: over }],
  ['held_by_a_token', { state: 'queued', token }],
  ['held_for_a_while', { state: 'committing', token }],
  ['settled_when_over', { state: 'sent' }],
  ['settled_when_over', { state: 'sending', settled_at: over, ...held }],
  ['says_why', { state: 'deferred' }],
  ['says_why', { state: 'refused', settled_at: over }],
  ['listed_if_unknown', { state: 'unknown', settled_at: over, why: 'lost' }],
  ['deliveries_state_check', { state: 'lost' }],
] as const)('a row that breaks %s is refused: %o', async (constraint, said) => {
  await expect(makeDelivery(db, said as Parameters<typeof makeDelivery>[1])).rejects.toThrow(constraint);
});
