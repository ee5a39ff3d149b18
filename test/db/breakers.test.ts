import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeBreakers, listBreakers, resetBreakers } from '../../db/breakers.ts';
import { settleUnknown } from '../../db/unknown.ts';
import { monday } from '../harness/factories.ts';
import { emptyLedger, makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const day = 86_400_000;
const breakers = {
  complaints: { warn: 0.001, pause: 0.003 },
  bounces: { warn: 0.02, pause: 0.05 },
  windowMs: 7 * day,
  atLeast: 100,
};
const judge = (now = monday) =>
  judgeBreakers(db, { breakers, domains: { offers: 'offers.example' }, otherDomain: 'acme.example', now });
/** So many sent mails of a workflow, and so many faults among them. */
async function sent(
  mails: number,
  faults: number,
  said: { kind?: string; topic?: string; at?: number } = {},
) {
  const { kind = 'complaint', topic = 'marketing', at = monday } = said;
  await sql`
    insert into deliveries (run_id, contact_id, due_at, expires_at, created_at, settled_at, state, verb, workflow, node,
      key, topic, payload)
    select nextval('runs_id_seq'), 1, instant(${at}), instant(${at}), instant(${at}), instant(${at - 1}), 'sent', 'send',
      'promo', 'intro', 'k', ${topic}, '{}' from generate_series(1, ${mails}::int)`.execute(db);
  await sql`
    insert into mail_faults (at, delivery_id, kind, workflow, topic)
    select instant(${at}), id, ${kind}, 'promo', ${topic} from deliveries order by id desc limit ${faults}`.execute(
    db,
  );
}
const states = async () => (await listBreakers(db)).map(({ scope, state }) => `${scope} ${state}`);

beforeEach(async () => {
  await emptyLedger(db);
  await sql`truncate mail_faults, breakers`.execute(db);
  await makeContacts(db, 1);
});

describe('a breaker', () => {
  it('warns at the lower bound and pauses at the upper one, workflow and sender, and says so once', async () => {
    await sent(1_000, 1);
    expect(await judge()).toMatchObject([
      { scope: 'sender:acme.example', state: 'warned', why: '1 complaints in 1000 mails (0.10%)' },
      { scope: 'workflow:promo', state: 'warned' },
    ]);
    expect(await judge()).toEqual([]);
    await sql`insert into mail_faults (at, delivery_id, kind, workflow, topic)
      select instant(${monday}), id, 'complaint', 'promo', 'marketing' from deliveries order by id limit 3
      on conflict do nothing`.execute(db);
    await judge();
    expect(await states()).toEqual(['sender:acme.example paused', 'workflow:promo paused']);
  });

  it('judges nothing while the sample is small, or the faults are old', async () => {
    await sent(50, 20);
    expect(await judge()).toEqual([]);
    await sent(1_000, 100, { at: monday - 8 * day });
    expect(await judge()).toEqual([]);
  });

  it("knows a topic's own sender", async () => {
    await sent(200, 20, { kind: 'bounce', topic: 'offers' });
    await judge();
    expect(await states()).toEqual(['sender:offers.example paused', 'workflow:promo paused']);
  });

  it('is let go by hand alone, counts from then on, and what it held is due', async () => {
    await sent(200, 20, { kind: 'bounce' });
    await judge();
    const held = await makeDelivery(db, {
      state: 'deferred',
      why: 'paused: 20 bounces',
      due_at: new Date(monday + day),
    });
    expect(await resetBreakers(db, ['workflow:promo', 'workflow:none'], monday)).toEqual(['workflow:promo']);
    expect(await states()).toEqual(['sender:acme.example paused']);
    const { rows } = await sql`select ms(due_at) as due from deliveries where id = ${held}`.execute(db);
    expect(rows).toEqual([{ due: monday }]);
    expect(await judge(monday + 1)).toEqual([]);
  });
});

describe('an unknown delivery', () => {
  const unknown = (key: string) =>
    makeDelivery(db, {
      key,
      state: 'unknown',
      settled_at: new Date(monday),
      unknown_at: new Date(monday),
      why: 'its worker died',
    });

  it('is settled by hand as sent, or goes back to the queue; what is not unknown stays as it is', async () => {
    const [left, stayed, queued] = [
      await unknown('a#1'),
      await unknown('b#1'),
      await makeDelivery(db, { key: 'c#1' }),
    ];
    const later = monday + 10 * day;
    const said = { because: 'the relay log says so', now: later };
    expect(await settleUnknown(db, { ...said, ids: [left, queued], isSent: true })).toEqual([left]);
    expect(await settleUnknown(db, { ...said, ids: [left, stayed], isSent: false })).toEqual([stayed]);
    const { rows } =
      await sql`select state, why, expires_at > instant(${later}) as lives from deliveries order by id`.execute(
        db,
      );
    expect(rows).toEqual([
      { state: 'sent', why: 'settled by hand: sent, the relay log says so', lives: false },
      { state: 'queued', why: 'settled by hand: not sent, the relay log says so', lives: true },
      { state: 'queued', why: null, lives: false },
    ]);
  });
});
