import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { claim } from '../../db/deliveries.ts';
import { settle } from '../../db/settle.ts';
import { turnOf } from '../../engine/cap-turns.ts';
import { noRules, type SendingRules } from '../../engine/sending.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const minute = 60_000;

beforeEach(async () => {
  await sql`truncate deliveries, contacts, agenda, send_slots, send_days, breakers restart identity cascade`.execute(
    db,
  );
});

const take = (now: number, rules: Partial<SendingRules>, limit = 50) =>
  claim(db, { now, limit, token: randomUUID(), leaseMs: minute, rules: { ...noRules, ...rules } });
/** Claims and sends; answers the ids, in the order of the claim. */
async function send(now: number, rules: Partial<SendingRules>, limit = 50): Promise<string[]> {
  const token = randomUUID();
  const claimed = await claim(db, { now, limit, token, leaseMs: minute, rules: { ...noRules, ...rules } });
  const ids = claimed.map((one) => one.delivery.id);
  await settle(
    db,
    ids.map((id) => ({ id, token, outcome: { is: 'sent', reply: '250' } })),
    now,
  );
  return ids;
}
const waiting = async () =>
  (
    await sql<{ id: string; state: string; due: number; why: string; left: number }>`
      select id, state, ms(due_at) as due, why, ms(expires_at) - ms(due_at) as left from deliveries
      where settled_at is null and lease_until is null order by id`.execute(db)
  ).rows;
const next = async () => (await waiting()).sort((a, b) => a.due - b.due)[0];
const mails = async (contactId: string | undefined, count: number, more: object = {}) => {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push(await makeDelivery(db, { contact_id: contactId ?? '', key: `k#${n}`, ...more }));
  return ids;
};

describe('a frequency cap', () => {
  const caps = [{ topic: null, count: 2, ms: 7 * dayMs }];

  it('lets so many go, and the next waits its turn as a row that says why', async () => {
    const [contact] = await makeContacts(db, 1);
    const [first, second, third] = await mails(contact, 3);
    expect(await send(monday, { caps })).toEqual([first, second]);
    const [row] = await waiting();
    expect(row).toMatchObject({
      id: third,
      state: 'deferred',
      why: 'waits for another mail to this contact',
    });
    expect(await send(monday + minute, { caps })).toEqual([]);
    expect(await waiting()).toMatchObject([
      {
        due: monday + 7 * dayMs,
        why: 'waits its turn: one contact gets at most 2 mails in 7 days',
        left: 3 * dayMs,
      },
    ]);
    expect(await send(monday + 7 * dayMs, { caps })).toEqual([third]);
  });

  it('counts all workflows, one topic where it names one, and never transactional mail', async () => {
    const [contact] = await makeContacts(db, 1);
    await sql`update contacts set consent = '{"marketing": true, "offers": true}'`.execute(db);
    const own = [{ topic: 'offers', count: 1, ms: dayMs }];
    await mails(contact, 2, { topic: 'offers' });
    const marketing = await mails(contact, 2, { workflow: 'other' });
    const service = await mails(contact, 2, { topic: null });
    expect((await send(monday, { caps: own })).slice(0, 2)).toEqual(service);
    expect(await waiting()).toMatchObject([{ state: 'deferred' }]);
    const sent = (await sql<{ id: string }>`select id from deliveries where state = 'sent'`.execute(db)).rows;
    expect(sent.map((row) => row.id)).toEqual(expect.arrayContaining(marketing));
  });

  it('a rehearsal reckons the turns that the ledger gives', async () => {
    const rules = [
      { topic: null, count: 3, ms: 7 * dayMs },
      { topic: 'marketing', count: 1, ms: dayMs },
    ];
    const [contact = ''] = await makeContacts(db, 1);
    await sql`update contacts set consent = '{"marketing": true, "offers": true}'`.execute(db);
    const asked = [0, 3, 5, 11, 30, 100, 101, 150, 172, 260].map((hours, n) => ({
      topic: n % 3 === 1 ? 'offers' : 'marketing',
      at: monday + hours * 60 * minute,
    }));
    const reckoned: { topic: string; at: number }[] = [];
    const lives = { expires_at: new Date(monday + 90 * dayMs), contact_id: contact };
    for (const { topic, at } of asked) {
      const [id] = await mails(contact, 1, { ...lives, topic, due_at: new Date(at), key: `at-${at}` });
      // One is asked for when the one before it has left or waits, as in a run.
      for (let row = await next(); row !== undefined && row.due <= at; row = await next())
        await send(row.due, { caps: rules });
      reckoned.push({ topic, at: turnOf({ topic, at }, reckoned, rules).at });
      expect(id).toBeDefined();
    }
    for (let row = await next(); row !== undefined; row = await next()) await send(row.due, { caps: rules });
    const { rows } = await sql<{
      at: number;
    }>`select ms(settled_at) as at from deliveries order by id`.execute(db);
    expect(rows.map(({ at }) => at)).toEqual(reckoned.map(({ at }) => at));
  });

  it('holds however many workers claim at once', async () => {
    const contacts = await makeContacts(db, 20);
    for (const contact of contacts) await mails(contact, 4);
    const takeAll = async () => (await take(monday, { caps }, 10)).map((one) => one.delivery.contactId);
    const claims = await Promise.all(Array.from({ length: 8 }, takeAll));
    const perContact = new Map<string, number>();
    for (const id of claims.flat()) perContact.set(id, (perContact.get(id) ?? 0) + 1);
    expect(Math.max(...perContact.values())).toBeLessThanOrEqual(2);
    expect(claims.flat().length).toBeGreaterThan(0);
  });

  it('counts a mail of which nobody knows whether it left', async () => {
    const [contact] = await makeContacts(db, 1);
    const gone = {
      state: 'unknown' as const,
      settled_at: new Date(monday),
      unknown_at: new Date(monday),
      why: 'x',
    };
    await mails(contact, 2, gone);
    await makeDelivery(db, { contact_id: contact ?? '', key: 'k#9' });
    expect(await send(monday + 1, { caps })).toEqual([]);
  });
});

describe('a rate', () => {
  it('gives every mail to a domain its slot, once, and holds no mail to another', async () => {
    const contacts = await makeContacts(db, 6);
    await sql`update contacts set email = 'x@gmail.com' where id = any(${contacts.slice(0, 5)}::bigint[])`.execute(
      db,
    );
    for (const contact of contacts) await mails(contact, 1);
    const rates = [{ domain: 'gmail.com', count: 2, ms: minute }];
    expect(await send(monday, { rates })).toHaveLength(3);
    const rows = await waiting();
    expect(rows.map((row) => row.due - monday)).toEqual([minute, minute, 2 * minute]);
    expect(rows[0]?.why).toBe('waits its turn: to gmail.com, 2 per 60 s');
    expect(await send(monday + minute, { rates })).toHaveLength(2);
    expect(await send(monday + 2 * minute, { rates })).toHaveLength(1);
  });

  it('of a sending domain holds over all recipients; transactional mail does not wait for it', async () => {
    const contacts = await makeContacts(db, 4);
    for (const contact of contacts) await mails(contact, 1);
    await mails(contacts[0], 1, { topic: null, key: 'invoice#1' });
    const senders = [{ topic: 'marketing', domain: 'acme.example', count: 1, ms: minute, perDay: null }];
    expect(await send(monday, { senders })).toHaveLength(2);
    expect((await waiting()).map((row) => row.due - monday)).toEqual([minute, 2 * minute, 3 * minute]);
  });
});

it('a warming domain sends what its day allows, and the rest waits for tomorrow', async () => {
  const contacts = await makeContacts(db, 5);
  for (const contact of contacts) await mails(contact, 1);
  const warm = (perDay: number | null) => [
    { topic: 'marketing', domain: 'acme.example', count: null, ms: null, perDay },
  ];
  expect(await send(monday, { senders: warm(2) }, 1)).toHaveLength(1);
  expect(await send(monday, { senders: warm(2) })).toHaveLength(1);
  const [row] = await waiting();
  expect(row?.why).toBe('waits for tomorrow: acme.example is warming up, 2 mails today');
  const tomorrow = Math.floor(monday / dayMs) * dayMs + dayMs;
  expect(row?.due).toBe(tomorrow);
  expect(await send(tomorrow, { senders: warm(2) })).toHaveLength(2);
  expect(await send(tomorrow + dayMs, { senders: warm(null) })).toHaveLength(1);
});

describe('priority', () => {
  it('transactional mail goes first, however long marketing mail has waited', async () => {
    const contacts = await makeContacts(db, 3);
    for (const contact of contacts) await mails(contact, 1, { due_at: new Date(monday - dayMs) });
    const [invoice] = await mails(contacts[0], 1, { topic: null, key: 'invoice#1' });
    expect((await send(monday, {}, 1))[0]).toBe(invoice);
  });
});

it('a breaker holds the mails of its workflow, and marketing mail of its sender', async () => {
  const [contact] = await makeContacts(db, 1);
  await mails(contact, 1, { workflow: 'promo', topic: null });
  await mails(contact, 1, { workflow: 'other' });
  await mails(contact, 1, { workflow: 'bills', topic: null });
  await sql`insert into breakers (scope, at, state, why) values
    ('workflow:promo', now(), 'paused', '9 complaints'), ('sender:acme.example', now(), 'paused', '5% bounce')`.execute(
    db,
  );
  const senders = [{ topic: 'marketing', domain: 'acme.example', count: null, ms: null, perDay: null }];
  expect(await send(monday, { senders })).toHaveLength(1);
  expect((await waiting()).map((row) => row.why)).toEqual(['paused: 9 complaints', 'paused: 5% bounce']);
});

it('what waits keeps its attempts and its lifetime', async () => {
  const [contact] = await makeContacts(db, 1);
  const [id = ''] = await mails(contact, 1);
  const token = randomUUID();
  await claim(db, { now: monday, limit: 1, token, leaseMs: minute });
  await settle(
    db,
    [{ id, token, outcome: { is: 'waits', at: monday + dayMs, why: 'waits for business hours' } }],
    monday,
  );
  const { rows } =
    await sql`select state, attempt, ms(due_at) as due, ms(expires_at) as until from deliveries`.execute(db);
  expect(rows).toEqual([{ state: 'deferred', attempt: 0, due: monday + dayMs, until: monday + 4 * dayMs }]);
});
