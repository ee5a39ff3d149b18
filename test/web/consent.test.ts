import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readConsents } from '../../db/consents.ts';
import { commit } from '../../db/deliveries.ts';
import { unsubscribe } from '../../db/suppressions.ts';
import { emptyPolicy, type Policy, type Topic } from '../../engine/policy.ts';
import { hashAddress } from '../../mail/addresses.ts';
import { sign } from '../../mail/links.ts';
import { monday } from '../harness/factories.ts';
import { makeDelivery } from '../harness/ledger.ts';
import { catalogue, linkKeys, openWeb } from '../harness/web.ts';

const topic: Topic = {
  name: { en: 'News', ru: 'Новости' },
  text: { en: 'Acme may write to me.', ru: 'Acme может мне писать.' },
  doubleOptIn: true,
  opens: false,
  clicks: false,
  isDefault: false,
  from: null,
  replyTo: null,
};
const policy: Policy = {
  ...emptyPolicy,
  topics: { news: topic, offers: { ...topic, name: { '*': 'Offers' }, doubleOptIn: false } },
};
const { server, db, keys, rings, time } = await openWeb({
  catalogue: async () => ({ ...catalogue, policy }),
  hash: (address) => hashAddress(address, 'a key of the tests'),
});

let made = 0;
async function say(contact: object, id = `e-${++made}`, at = time.now) {
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${keys.ingest}` },
    payload: { id, type: 'form.submitted', at: new Date(at).toISOString(), contact },
  });
  return answer.json().results[0];
}
/** A contact that the ledger has met, with what it says of consent. */
async function aContact(consent: object, more: object = {}) {
  const key = `c-${++made}`;
  const contact = { id: key, email: `${key}@acme.example`, locale: 'en', consent, ...more };
  expect(await say(contact)).toMatchObject({ status: 'accepted' });
  const { rows } = await sql<{ id: string }>`select id from contacts where key = ${key}`.execute(db);
  return { id: rows[0]?.id ?? '', key, contact };
}
const rowOf = async (id: string) =>
  (
    await sql<{
      consent: object;
      asked: object;
    }>`select consent, asked from contacts where id = ${id}`.execute(db)
  ).rows[0];
const eventsOf = async (id: string) =>
  (
    await sql<{ type: string }>`select type from events where contact_id = ${id} order by id`.execute(db)
  ).rows.map((row) => row.type);
const whatOf = async (id: string) =>
  (await readConsents(db, id)).map((one) => `${one.topic} ${one.what} (${one.how})`);
const confirmLink = (id: string) => `/confirm/${sign('confirm', `${id}:7`, linkKeys)}`;
const preferencesLink = (id: string) => `/p/${sign('preferences', id, linkKeys)}`;
const get = (url: string) => server.inject({ method: 'GET', url });
const post = (url: string, form: Record<string, string | string[]> = {}) =>
  server.inject({
    method: 'POST',
    url,
    payload: Object.entries(form)
      .flatMap(([name, said]) => [said].flat().map((one) => `${name}=${encodeURIComponent(one)}`))
      .join('&'),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'Browser/1' },
  });

describe('an event that says yes', () => {
  it('counts at once where the topic asks for no confirmation, and is logged with its proof', async () => {
    const { id } = await aContact(
      { offers: true },
      { consent_proof: { how: 'sign-up form', text: 'I agree', place: '/join' } },
    );
    expect(await rowOf(id)).toEqual({ consent: { offers: true }, asked: {} });
    expect(await readConsents(db, id)).toMatchObject([
      { topic: 'offers', what: 'given', how: 'sign-up form', text: 'I agree', place: '/join', at: monday },
    ]);
    expect((await readConsents(db, id))[0]?.addressHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('waits for the mailbox where the topic asks for double opt-in, and workflows hear of it once a day', async () => {
    const { id, contact } = await aContact({ news: true });
    await say(contact);
    expect(await rowOf(id)).toEqual({ consent: {}, asked: { news: monday } });
    expect((await eventsOf(id)).filter((type) => type === 'contact.consent_asked')).toHaveLength(1);
    expect(await whatOf(id)).toEqual(['news asked (event)']);
    time.now += 86_400_000;
    await say(contact);
    time.now = monday;
    expect((await eventsOf(id)).filter((type) => type === 'contact.consent_asked')).toHaveLength(2);
  });

  it('counts at once where the sender has proof of its own that the mailbox confirmed', async () => {
    const { id } = await aContact({ news: true }, { consent_proof: { confirmed: true } });
    expect((await rowOf(id))?.consent).toEqual({ news: true });
    expect(await whatOf(id)).toEqual(['news confirmed (event)']);
  });

  it('is logged when it changes something, not every time that it is repeated', async () => {
    const { id, contact } = await aContact({ offers: true });
    await say(contact);
    await say({ ...contact, consent: { offers: false } });
    await say({ ...contact, consent: { offers: false } });
    expect(await whatOf(id)).toEqual(['offers given (event)', 'offers withdrawn (event)']);
  });

  it.each([
    [{ how: 7 }, 'contact.consent_proof.how'],
    [{ when: 'now' }, 'contact.consent_proof.when'],
  ])('a proof of another form is refused: %o', async (consent_proof, path) => {
    const refused = await say({ id: 'c-x', consent: { offers: true }, consent_proof });
    expect(refused).toMatchObject({ status: 'refused', path });
  });
});

describe('the confirming link', () => {
  it.each(['GET', 'HEAD'] as const)('%s shows what is asked and changes nothing', async (method) => {
    const { id } = await aContact({ news: true });
    const answer = await server.inject({ method, url: confirmLink(id) });
    expect(answer.statusCode).toBe(200);
    if (method === 'GET')
      expect(answer.body).toMatch(/Acme may write to me\..*<button>Yes, write to me<\/button>/s);
    expect((await rowOf(id))?.consent).toEqual({});
  });

  it('POST confirms once, with its proof, and workflows hear of it', async () => {
    const { id } = await aContact({ news: true });
    rings.length = 0;
    expect((await post(confirmLink(id))).body).toContain('it is confirmed');
    expect(rings).toEqual(['advance']);
    expect((await post(confirmLink(id))).statusCode).toBe(200);
    expect(await rowOf(id)).toEqual({ consent: { news: true }, asked: {} });
    expect((await eventsOf(id)).filter((type) => type === 'contact.consent_confirmed')).toHaveLength(1);
    expect(await readConsents(db, id)).toMatchObject([
      { what: 'asked' },
      {
        what: 'confirmed',
        how: 'confirming button',
        deliveryId: '7',
        agent: 'Browser/1',
        text: 'Acme may write to me.',
      },
    ]);
  });

  it('takes back an unsubscription of the same mailbox, and no suppression for a complaint', async () => {
    const { id } = await aContact({ news: true });
    await unsubscribe(db, { contactId: id, topic: 'news', now: monday });
    await sql`insert into suppressions (address_hash, topic, reason, at)
      select address_hash, '*', 'complained', now() from contacts where id = ${id}`.execute(db);
    time.now += 86_400_000;
    await say({ id: `c-${made - 1}`, consent: { news: true } });
    await sql`update contacts set asked = '{"news": 1}' where id = ${id}`.execute(db);
    await post(confirmLink(id));
    time.now = monday;
    const { rows } = await sql`select topic, reason from suppressions s join contacts c using (address_hash)
      where c.id = ${id}`.execute(db);
    expect(rows).toEqual([{ topic: '*', reason: 'complained' }]);
  });

  it('a link that is not ours changes nothing, and says nothing of our affairs', async () => {
    const { id } = await aContact({ news: true });
    for (const link of [
      '/confirm/cut',
      confirmLink(id).replace(/.$/, '!'),
      preferencesLink(id).replace('/p/', '/confirm/'),
    ])
      expect((await post(link)).statusCode).toBe(404);
    expect((await rowOf(id))?.consent).toEqual({});
  });
});

describe('the preference page', () => {
  it.each(['GET', 'HEAD'] as const)(
    '%s shows the topics in the language of the contact and changes nothing',
    async (method) => {
      const { id } = await aContact({ offers: true }, { locale: 'ru' });
      const answer = await server.inject({ method, url: preferencesLink(id) });
      expect(answer.statusCode).toBe(200);
      if (method === 'GET') {
        expect(answer.body).toContain('<html lang="ru">');
        expect(answer.body).toMatch(/value="news"><span><b>Новости/);
        expect(answer.body).toMatch(/value="offers" checked><span><b>Offers/);
      }
      expect(await whatOf(id)).toEqual(['offers given (event)']);
    },
  );

  it('saves what is chosen: a yes counts without a second mail, a no suppresses', async () => {
    const { id } = await aContact({ offers: true });
    const answer = await post(preferencesLink(id), { do: 'save', topic: ['news', 'constructor'] });
    expect(answer.body).toContain('role="status">Saved.');
    expect((await rowOf(id))?.consent).toEqual({ offers: false, news: true });
    expect(await whatOf(id)).toEqual([
      'offers given (event)',
      'offers withdrawn (preference page)',
      'news given (preference page)',
    ]);
    await post(preferencesLink(id), { do: 'save', topic: ['news', 'offers'] });
    expect((await get(preferencesLink(id))).body).toMatch(/value="offers" checked/);
  });

  it('a pause holds what has not left, and what it held goes on when it ends', async () => {
    const { id } = await aContact({ offers: true });
    const mine = { contact_id: id, topic: 'offers', due_at: new Date(monday) };
    const delivery = await makeDelivery(db, mine);
    const service = await makeDelivery(db, { ...mine, topic: null, key: 'invoice#1' });
    expect((await post(preferencesLink(id), { do: 'pause' })).body).toContain(
      'paused until 23 December 2026',
    );
    const read = async (of: string) =>
      (await sql<object>`select state, why, due_at from deliveries where id = ${of}`.execute(db)).rows[0];
    expect(await read(delivery)).toMatchObject({ state: 'deferred', due_at: monday + 30 * 86_400_000 });
    expect(await read(service)).toMatchObject({ state: 'queued' });
    expect((await post(preferencesLink(id), { do: 'resume' })).body).toContain('The pause is over');
    expect(await read(delivery)).toMatchObject({ state: 'deferred', due_at: monday });
  });

  it('everything off suppresses every mail, and a topic can be wanted again later', async () => {
    const { id } = await aContact({ offers: true, news: true });
    await post(preferencesLink(id), { do: 'off' });
    expect((await get(preferencesLink(id))).body).not.toContain('checked');
    const { rows } =
      await sql`select topic from suppressions s join contacts c using (address_hash) where c.id = ${id}`.execute(
        db,
      );
    expect(rows).toEqual([{ topic: '*' }]);
    await post(preferencesLink(id), { do: 'save', topic: 'news' });
    expect((await get(preferencesLink(id))).body).toMatch(/value="news" checked/);
    expect((await get(preferencesLink(id))).body).not.toMatch(/value="offers" checked/);
  });

  it.each([{}, { do: 'nothing' }, { do: '__proto__' }])(
    'a form that says %o changes nothing',
    async (form) => {
      const { id } = await aContact({ offers: true });
      expect((await post(preferencesLink(id), form)).statusCode).toBe(200);
      expect((await rowOf(id))?.consent).toEqual({ offers: true });
    },
  );
});

describe('the log', () => {
  it('is only ever added to', async () => {
    await aContact({ offers: true });
    for (const statement of [sql`update consents set topic = 'x'`, sql`delete from consents`])
      await expect(statement.execute(db)).rejects.toThrow('only added to');
  });

  it('a suppressed address stays suppressed when the contact is imported anew, under another key', async () => {
    const { id, contact } = await aContact({ offers: true });
    await unsubscribe(db, { contactId: id, topic: 'offers', now: monday });
    const key = `c-${++made}`;
    await say({ ...contact, id: key, email: contact.email.toUpperCase() });
    const { rows } = await sql<{ id: string; address_hash: Buffer }>`
      select id, address_hash from contacts where key = ${key}`.execute(db);
    const token = '00000000-0000-4000-8000-000000000001';
    const again = rows[0];
    const delivery = await makeDelivery(db, {
      contact_id: again?.id ?? '',
      topic: 'offers',
      state: 'sending',
      token,
      lease_until: new Date(Date.now() + 60_000),
    });
    const left = await commit(db, [{ id: delivery, token, addressHash: again?.address_hash ?? null }]);
    expect([...left]).toEqual([]);
  });
});
