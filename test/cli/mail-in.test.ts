// What comes in by SMTP or LMTP, through to the ledger: who is suppressed, what workflows hear, and what changes nothing.
import { sql } from 'kysely';
import { createTransport } from 'nodemailer';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { takeMail } from '../../cli/mail-in.ts';
import { listenForMail } from '../../mail/listener.ts';
import { markDelivery } from '../../mail/marks.ts';
import { monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { house } from '../harness/post.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const mailIn = { db, clock: { now: async () => monday }, keys: house.keys };
const failures: unknown[] = [];
let isBroken = false;
const listener = await listenForMail({
  url: 'smtp://127.0.0.1:0',
  take: async (raw, to) => {
    if (isBroken) throw new Error('the ledger is away');
    await takeMail(mailIn, raw, to);
  },
  fails: (error) => failures.push(error),
});
afterAll(() => listener.close());
const door = createTransport({ host: '127.0.0.1', port: listener.port, secure: false, ignoreTLS: true });
const send = (to: string, raw: string) => door.sendMail({ envelope: { from: '', to }, raw });

const sent = { state: 'sent' as const, settled_at: new Date(monday), reply: '250' };
let made = 0;
async function aMail(more: object = sent) {
  const id = await makeDelivery(db, { ...more, key: `k#${++made}`, contact_id: '1' });
  const marks = markDelivery(
    { id, contactId: '1', topic: 'marketing' },
    { ...house, bounceDomain: 'b.acme.example' },
  );
  return {
    id,
    ...marks,
    returnPath: marks.returnPath ?? '',
    leave: marks.unsubscribeMail?.slice(7).split('?')[0] ?? '',
  };
}
const bounce = (status: string, words: string, returned = '') => `From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; c-1@acme.example
Action: failed
Status: ${status}
Diagnostic-Code: smtp; ${words}

--x
Content-Type: message/rfc822

${returned}
--x--
`;
const dead = bounce('5.1.1', '550 5.1.1 User unknown');
const events = async () =>
  (await sql<{ type: string; data: object }>`select type, data from events order by id`.execute(db)).rows;
const suppressed = async () =>
  (await sql<{ reason: string }>`select reason from suppressions order by 1`.execute(db)).rows.map(
    (row) => row.reason,
  );
const faults = async () =>
  (await sql<{ kind: string }>`select kind from mail_faults order by 1`.execute(db)).rows.map(
    (row) => row.kind,
  );
const stateOf = async (id: string) =>
  (await sql<{ state: string }>`select state from deliveries where id = ${id}`.execute(db)).rows[0]?.state;
const whyOf = async (id: string) =>
  (await sql<{ why: string }>`select why from deliveries where id = ${id}`.execute(db)).rows[0]?.why;

beforeEach(async () => {
  await emptyLedger(db);
  await sql`truncate mail_faults`.execute(db);
  await makeContacts(db, 1);
});

describe('a bounce', () => {
  it('of a dead address, proved by its return path, suppresses it, ends runs and counts, once', async () => {
    const mail = await aMail();
    const waiting = await makeDelivery(db, { key: 'next#1' });
    await send(mail.returnPath, dead);
    await send(mail.returnPath, dead);
    expect(await suppressed()).toEqual(['userunknown']);
    expect(await events()).toEqual([
      {
        type: 'mail.bounced',
        data: expect.objectContaining({ delivery: mail.id, step: 'intro', hard: true }),
      },
    ]);
    expect(await faults()).toEqual(['bounce']);
    expect(await stateOf(waiting)).toBe('cancelled');
    expect([await stateOf(mail.id), await whyOf(mail.id)]).toEqual(['sent', 'it came back: userunknown']);
  });

  it('is known by our Message-ID where the return path is lost', async () => {
    const mail = await aMail();
    await send(
      'someone@acme.example',
      bounce('5.1.1', '550 5.1.1 User unknown', `Message-ID: ${mail.messageId}\n\nHello`),
    );
    expect(await suppressed()).toEqual(['userunknown']);
  });

  it.each([
    ['4.2.2', '452 4.2.2 Mailbox full', []],
    ['5.7.1', '550 5.7.1 Message rejected as spam', ['bounce']],
  ])('that is not the address’s own fault suppresses nobody: %s', async (status, words, counted) => {
    const mail = await aMail();
    await send(mail.returnPath, bounce(status, words));
    expect(await suppressed()).toEqual([]);
    expect(await events()).toMatchObject([{ type: 'mail.bounced', data: { hard: false } }]);
    expect(await faults()).toEqual(counted);
  });

  it.each(['b+1.0000000000000000@b.acme.example', 'someone@acme.example'])(
    'that nobody signed changes nothing: %s',
    async (to) => {
      await aMail();
      await send(to, dead);
      expect([await suppressed(), await events()]).toEqual([[], []]);
    },
  );
});

it('a complaint suppresses, takes back the consent and counts', async () => {
  const mail = await aMail();
  const raw = `From: fbl@isp.example
Subject: complaint
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: isp/1
Version: 1

--x
Content-Type: message/rfc822

Message-ID: ${mail.messageId}
To: c-1@acme.example

Hello
--x--
`;
  await send('fbl@acme.example', raw);
  expect(await suppressed()).toEqual(['complained']);
  expect(await events()).toMatchObject([{ type: 'mail.complained' }]);
  expect(await faults()).toEqual(['complaint']);
  expect((await sql`select what, how from consents`.execute(db)).rows).toEqual([
    { what: 'withdrawn', how: 'complaint' },
  ]);
});

describe('an answer', () => {
  const answer = (messageId: string, head = '') =>
    `From: c-1@acme.example\nSubject: Re: Hello\nIn-Reply-To: ${messageId}\n${head}\nYes, please call me.\n`;

  it('of a person is an event, and proves that an unknown mail has left', async () => {
    const mail = await aMail({
      state: 'unknown',
      settled_at: new Date(monday),
      unknown_at: new Date(monday),
      why: 'x',
    });
    await send('hello@acme.example', answer(mail.messageId));
    expect(await events()).toMatchObject([{ type: 'mail.replied', data: { step: 'intro' } }]);
    expect(await stateOf(mail.id)).toBe('sent');
  });

  it('of a machine is none', async () => {
    const mail = await aMail();
    await send('hello@acme.example', answer(mail.messageId, 'Auto-Submitted: auto-replied\n'));
    expect(await events()).toEqual([]);
  });
});

it('a mail to the leaving address unsubscribes from the topic of the mail', async () => {
  const mail = await aMail();
  await send(mail.leave, 'From: c-1@acme.example\nSubject: unsubscribe\n\n');
  expect((await sql`select topic, reason from suppressions`.execute(db)).rows).toEqual([
    { topic: 'marketing', reason: 'unsubscribed' },
  ]);
});

it('what cannot be taken now is to come again: nothing is lost', async () => {
  const mail = await aMail();
  isBroken = true;
  await expect(send(mail.returnPath, dead)).rejects.toMatchObject({ responseCode: 451 });
  isBroken = false;
  expect(failures).toHaveLength(1);
  await send(mail.returnPath, dead);
  expect(await suppressed()).toEqual(['userunknown']);
});
