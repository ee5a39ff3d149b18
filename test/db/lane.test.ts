// The lane: what runs for every mail is planned once, and by index, however small the tables were when it was.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { laneOf } from '../../db/connect.ts';
import { claim, commit } from '../../db/deliveries.ts';
import { openLane } from '../../db/lane.ts';
import { settle } from '../../db/settle.ts';
import { monday } from '../harness/factories.ts';
import { makeContacts, makeDelivery } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();

it('plans claim, commit and settle once for any number of mails, and never reads a table whole', async () => {
  await makeContacts(db, 1);
  const token = randomUUID();
  for (let mail = 0; mail < 8; mail++) {
    const id = await makeDelivery(db);
    await claim(db, { now: monday, limit: 1, token, leaseMs: 60_000 });
    await commit(db, [{ id, token, addressHash: null }]);
    await settle(db, [{ id, token, outcome: { is: 'sent', reply: '250' } }], monday);
  }
  const { rows } = await sql`
    select generic_plans::int as plans, custom_plans::int as "plannedAnew" from pg_prepared_statements
    where statement like '%deliveries%' and statement not like '%pg_prepared%'`.execute(laneOf(db));
  expect(rows).toEqual(Array(3).fill({ plans: 8, plannedAnew: 0 }));
  const { rows: whole } = await sql`
    select current_setting('enable_seqscan') as seqscan, current_setting('plan_cache_mode') as mode`.execute(
    laneOf(db),
  );
  expect(whole).toEqual([{ seqscan: 'off', mode: 'force_generic_plan' }]);
});

it('gives a transaction the transaction itself', async () => {
  await db.transaction().execute(async (tx) => expect(laneOf(tx)).toBe(tx));
});

it('gives no connection back on which a statement went unanswered', async () => {
  const { url } = await freshLedger();
  const lane = openLane(url, { max: 1, name: 'test lane', queryMs: 50 });
  await expect(sql`select pg_sleep(30)`.execute(lane)).rejects.toThrow('timeout');
  expect(await sql`select 1 as one`.execute(lane).then(({ rows }) => rows)).toEqual([{ one: 1 }]);
  await lane.destroy();
});
