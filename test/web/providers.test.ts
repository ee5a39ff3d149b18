// What mail providers tell, through to the ledger. Payloads are as the providers document them.
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { markDelivery } from '../../mail/marks.ts';
import { providers } from '../../mail/providers.ts';
import { dayMs, hourMs, minuteMs, monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { providerKeys, type Sent, senders, sendgridRecord, signedByGrid } from '../harness/notices.ts';
import { snsCertificate } from '../harness/sns.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const { server, db, logged } = await openWeb({ providerKeys, fetchText: async () => snsCertificate });

/** The Message-ID without brackets, and the rest that a mail carries. */
async function aMail(more: object = { state: 'sent' as const, settled_at: new Date(monday) }) {
  const id = await makeDelivery(db, { key: `k#${Math.random()}`, contact_id: '1', ...more });
  const house = { publicUrl: 'x', domain: 'acme.example', bounceDomain: 'b.acme.example', keys: linkKeys };
  const marks = markDelivery({ id, contactId: '1', topic: 'marketing' }, house);
  return { id, mark: marks.messageId.slice(1, -1), returnPath: marks.returnPath ?? '' };
}
const unknown = { state: 'unknown', settled_at: new Date(monday), unknown_at: new Date(monday), why: 'x' };
const all = Object.entries(senders);
const post = (name: string, { headers, payload }: Sent) =>
  server.inject({ method: 'POST', url: `/v1/mail/${name}`, headers, payload });

const events = async () =>
  (await sql<{ type: string; data: object }>`select type, data from events order by id`.execute(db)).rows;
const suppressed = async () =>
  (
    await sql<{ topic: string; reason: string }>`select topic, reason from suppressions order by 1`.execute(
      db,
    )
  ).rows;
const rows = async (id: string) =>
  (await sql<{ state: string; why: string }>`select state, why from deliveries where id = ${id}`.execute(db))
    .rows;

beforeEach(async () => {
  await emptyLedger(db);
  await sql`truncate mail_faults`.execute(db);
  await makeContacts(db, 1);
});

it('every provider of the list is tried here', () => {
  expect(providers.map(({ name }) => name)).toEqual(Object.keys(senders));
});

describe.each(all)('%s', (name, sender) => {
  it('of a dead address suppresses it, once, however often it is told', async () => {
    const mail = await aMail();
    const waiting = await makeDelivery(db, { key: 'next#1' });
    const first = await post(name, sender({ is: 'dead', mail }));
    expect([first.statusCode, first.json()]).toMatchObject([200, { told: 1, ours: 1, news: 1 }]);
    for (let n = 0; n < 9; n += 1) await post(name, sender({ is: 'dead', mail }));
    expect(await suppressed()).toEqual([{ topic: '*', reason: 'userunknown' }]);
    expect(await events()).toEqual([
      { type: 'mail.bounced', data: expect.objectContaining({ delivery: mail.id, hard: true }) },
    ]);
    expect(await rows(waiting)).toMatchObject([{ state: 'cancelled' }]);
  });

  it('of a full mailbox counts, and suppresses nobody', async () => {
    const mail = await aMail();
    for (let n = 0; n < 3; n += 1) await post(name, sender({ is: 'full', mail }));
    expect(await suppressed()).toEqual([]);
    expect(await events()).toMatchObject([{ data: { reason: 'mailboxfull', hard: false } }]);
  });

  it('of a complaint suppresses, and takes back the consent', async () => {
    await post(name, sender({ is: 'complained', mail: await aMail() }));
    expect(await suppressed()).toEqual([{ topic: '*', reason: 'complained' }]);
    expect(await events()).toMatchObject([{ type: 'mail.complained' }]);
  });

  it.each(['delivered', 'opened'] as const)(
    '%s of a mail that is known to have left asks for nobody',
    async (is) => {
      const mail = await aMail();
      await sql`delete from agenda`.execute(db);
      expect((await post(name, sender({ is, mail }))).json()).toMatchObject({ told: 1, ours: 1, news: 0 });
      expect((await sql`select contact_id from agenda`.execute(db)).rows).toEqual([]);
      expect(await rows(mail.id)).toMatchObject([{ state: 'sent' }]);
    },
  );

  it.each(['delivered', 'opened'] as const)('%s settles an unknown mail, and is no event', async (is) => {
    const mail = await aMail(unknown);
    await post(name, sender({ is, mail }));
    expect(await rows(mail.id)).toEqual([
      { state: 'sent', why: `it has left: it was ${is === 'delivered' ? 'delivered' : 'accepted'}` },
    ]);
    expect(await events()).toEqual([]);
  });

  it('of a mail that is not ours, or that somebody made up, changes nothing', async () => {
    const mail = await aMail();
    for (const foreign of [
      '14c5d75ce93.dfd@ismtpd-555',
      mail.mark.replace(/^\d+/, '99'),
      '',
      'x'.repeat(9_000),
    ]) {
      const answer = await post(
        name,
        sender({ is: 'dead', mail: { ...mail, mark: foreign, returnPath: foreign } }),
      );
      expect([answer.statusCode, answer.json().ours]).toEqual([200, 0]);
    }
    expect([await suppressed(), await events()]).toEqual([[], []]);
  });

  it('that is changed on its way is refused with a sentence, and so is one too old or from tomorrow', async () => {
    const mail = await aMail();
    const good = sender({ is: 'dead', mail });
    const bent =
      name === 'postmark'
        ? { ...good, headers: { ...good.headers, authorization: 'Basic eDp5' } }
        : name === 'mailgun'
          ? { ...good, payload: good.payload.replace('token-', 'tokan-') }
          : { ...good, payload: good.payload.replace('5.1.1', '5.1.2') };
    for (const bad of [
      bent,
      sender({ is: 'dead', mail, at: monday - 2 * dayMs }),
      sender({ is: 'dead', mail, at: monday + 10 * minuteMs }),
      { ...good, headers: { 'content-type': 'application/json' }, payload: '{}' },
    ]) {
      const answer = await post(name, bad);
      expect([answer.statusCode, answer.json().error.message]).toEqual([
        401,
        expect.stringMatching(/\w \w.*\./),
      ]);
    }
    expect(await events()).toEqual([]);
  });

  it('is taken as late as the provider repeats it', async () => {
    const lateMs = { ses: hourMs, sendgrid: dayMs, postmark: 10 * hourMs, mailgun: 8 * hourMs }[name] ?? 0;
    await post(name, sender({ is: 'full', mail: await aMail(), at: monday - lateMs }));
    expect(await events()).toHaveLength(1);
  });
});

it.each(['sendgrid', 'mailgun', 'postmark'] as const)(
  'who unsubscribes at %s is unsubscribed here from the topic of the mail',
  async (name) => {
    await post(name, senders[name]({ is: 'leaves', mail: await aMail() }));
    expect(await suppressed()).toEqual([{ topic: 'marketing', reason: 'unsubscribed' }]);
  },
);

it('of a list the known are taken, the unknown counted, and the unreadable named', async () => {
  const [one, two] = [await aMail(), await aMail(unknown)];
  const list = [
    sendgridRecord({ is: 'full', mail: one }),
    { event: 'invented_in_2031', 'smtp-id': one.mark },
    { no: 'event' },
    7,
    sendgridRecord({ is: 'delivered', mail: two }),
  ];
  const answer = await post('sendgrid', signedByGrid(JSON.stringify(list)));
  expect(answer.json()).toMatchObject({
    told: 2,
    ours: 2,
    ignored: 1,
    unread: [{ path: '2.event', reason: expect.stringContaining('bounce') }, { path: '3' }],
  });
  expect((await rows(two.id))[0]?.state).toBe('sent');
});

it('a body that cannot be read is answered 400 with what is wrong', async () => {
  for (const [payload, message] of [
    ['{', /not JSON/],
    ['[{"no": "event"}]', /name of what happened/],
    ['', /not JSON/],
  ] as const) {
    const answer = await post('sendgrid', signedByGrid(payload));
    expect([answer.statusCode, answer.json().error.message]).toEqual([400, expect.stringMatching(message)]);
  }
});

it("Mailgun's token is good once, also for another event; one whose taking failed may come again", async () => {
  const mail = await aMail();
  const first = senders.mailgun({ is: 'opened', mail });
  expect((await post('mailgun', first)).statusCode).toBe(200);
  const { signature } = JSON.parse(first.payload);
  const hung = { ...JSON.parse(senders.mailgun({ is: 'dead', mail }).payload), signature };
  expect((await post('mailgun', { ...first, payload: JSON.stringify(hung) })).statusCode).toBe(406);
  expect(await events()).toEqual([]);
});

it('Postmark may prove itself by a header as well', async () => {
  const { payload } = senders.postmark({ is: 'dead', mail: await aMail() });
  const headers = { 'content-type': 'application/json', 'x-webhook-token': providerKeys.postmark };
  expect((await post('postmark', { headers, payload })).json()).toMatchObject({ ours: 1 });
});

it('a provider that is not known or not set up is told so', async () => {
  const empty = { headers: {}, payload: '{}' };
  const answer = await post('sendgrit', empty);
  expect([answer.statusCode, answer.json().error.message]).toEqual([
    404,
    expect.stringContaining('sendgrid'),
  ]);
});

it('nothing personal and no mark stands in the log', () => {
  expect(logged.join()).toContain('a provider told of mails');
  expect(logged.join()).not.toMatch(/c-1@|acme\.example|5\.1\.1/);
});
