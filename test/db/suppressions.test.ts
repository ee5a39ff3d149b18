// Unsubscribing: one transaction, for the whole mailbox, and no dot after it.
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { claim, commit } from '../../db/deliveries.ts';
import { record } from '../../db/events.ts';
import { readStates } from '../../db/runs.ts';
import { settle } from '../../db/settle.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { dayMs, hash, makeEvent, monday, sales } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday;
const token = randomUUID();
const leave = (topic = 'marketing', contactId = '1') => unsubscribe(db, { contactId, topic, now });
const take = () => claim(db, { now, limit: 100, token, leaseMs: 60_000 });
const states = async () =>
  (await db.selectFrom('deliveries').select('state').orderBy('id').execute()).map((one) => one.state);

beforeEach(async () => {
  await emptyLedger(db);
  await makeContacts(db, 2, { dueAt: null });
});

it('takes consent away, tells the runs, stops what has not left, and is news only once', async () => {
  await makeDelivery(db);
  await take();
  await makeDelivery(db);
  await makeDelivery(db, { state: 'deferred', why: '451', due_at: new Date(now + dayMs) });
  await makeDelivery(db, { topic: 'digest' });
  await makeDelivery(db, { contact_id: '2' });
  expect(await leave()).toBe(true);
  expect(await leave()).toBe(false);
  expect(await states()).toEqual(['cancelled', 'cancelled', 'cancelled', 'queued', 'queued']);
  const [state] = await readStates(db, ['1']);
  expect(state?.contact.consent).toEqual({ marketing: false });
  expect(state?.events).toMatchObject([
    { type: 'contact.unsubscribed', at: now, data: { topic: 'marketing' } },
  ]);
  expect(state?.dueAt).toBe(now);
});

it('holds for every contact with that address, and for every topic where all is asked', async () => {
  await db
    .updateTable('contacts')
    .set({ email: 'one@acme.example', address_hash: hash('one@acme.example') })
    .execute();
  await makeDelivery(db, { topic: 'digest' });
  await makeDelivery(db, { contact_id: '2' });
  expect(await leave('*')).toBe(true);
  expect(await states()).toEqual(['cancelled', 'cancelled']);
  const both = await readStates(db, ['1', '2']);
  expect(both.map((one) => one.contact.consent)).toEqual([{ marketing: false }, { marketing: false }]);
  expect(both.map((one) => one.events[0]?.data)).toEqual([{ topic: '*' }, { topic: '*' }]);
});

it('is not undone by a consent that a CRM sends afterwards', async () => {
  await leave();
  const said = makeEvent({ at: now + 1, contact: { id: 'c-1', consent: { marketing: true } } });
  await record(db, [said], { now: now + 1, hash, pipelines: [sales] });
  expect((await readStates(db, ['1']))[0]?.contact.consent).toEqual({ marketing: false });
  await makeDelivery(db);
  expect(await take()).toEqual([]);
});

it('waits for a mail that is just committing, and then answers', async () => {
  const id = await makeDelivery(db);
  await take();
  await commit(db, [{ id, token, addressHash: null }]);
  let isOver = false;
  const leaving = leave().finally(() => {
    isOver = true;
  });
  await db.selectFrom('suppressions').selectAll().execute();
  expect(isOver).toBe(false);
  expect(await db.selectFrom('suppressions').selectAll().execute()).toEqual([]);
  await settle(db, [{ id, token, outcome: { is: 'sent', reply: '250' } }], now);
  expect(await leaving).toBe(true);
  expect(await states()).toEqual(['sent']);
});

it('between a claim and its fence: whoever comes second sees the first', async () => {
  const contactIds = await makeContacts(db, 100, { dueAt: null, from: 100 });
  await Promise.all(contactIds.map((contact_id) => makeDelivery(db, { contact_id })));
  const claimed = await take();
  expect(claimed).toHaveLength(100);
  await Promise.all(
    claimed.map(async ({ delivery: { id, contactId } }) => {
      const order: string[] = [];
      const send = async () => {
        if (!(await commit(db, [{ id, token, addressHash: null }])).has(id)) return;
        order.push('dot');
        await settle(db, [{ id, token, outcome: { is: 'sent', reply: '250' } }], now);
      };
      await Promise.all([leave('marketing', contactId).then(() => order.push('left')), send()]);
      expect(order.indexOf('dot')).toBeLessThanOrEqual(0);
    }),
  );
});
