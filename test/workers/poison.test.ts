// F7: one contact ends every worker that has it in hand (a kill, not a throw). It is found and parked with its reason; all
// others go their way, and an orderly failure is held against nobody.
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { deathsAllowed, forgetBatch, noteBatch } from '../../db/batches.ts';
import { close, connect } from '../../db/connect.ts';
import { monday } from '../harness/factories.ts';
import { openSignal } from '../harness/signal.ts';
import { openWorld, type ProcessOptions } from '../harness/world.ts';

const leads = 60;
const world = await openWorld('postgres');
const { db } = world;
const poison = 'plan-that-kills';

/** Dies as a killed process does, once the poisoned contact is in its batch: nothing after the claim happens. */
function makeDeadly() {
  const died = openSignal();
  const released = openSignal();
  const bend: ProcessOptions['bend'] = (parts) => {
    const { definitions } = parts.advance;
    const program: typeof definitions.program = async (on, pinned) => {
      const isFatal = died.count > 0 || [...pinned].includes(poison);
      if (!isFatal) return definitions.program(on, pinned);
      died.raise();
      return released.reaches(1).then(() => Promise.reject(new Error('the process is dead')));
    };
    return { ...parts, advance: { ...parts.advance, definitions: { ...definitions, program } } };
  };
  return { bend, died: () => died.reaches(1), release: released.raise };
}

const countMails = async () => (await world.deliveries()).filter(({ state }) => state === 'sent').length;
const suspects = () => sql<{ n: number }>`select count(*)::int as n from batch_deaths`.execute(db);

it('a contact that kills every worker is parked after some deaths, and the others have their mail', async () => {
  await world.recordLeads(leads);
  await sql`
    insert into plans select (jsonb_populate_record(plans, jsonb_build_object('hash', ${poison}::text, 'is_current', false, 'is_pinned', true))).*
    from plans limit 1`.execute(db);
  await sql`
    insert into runs (contact_id, deal_id, entered_at, node_at, workflow, plan_hash, node, memory)
    select contact_id, id, instant(${monday}), instant(${monday}), 'greeting', ${poison}, 'hello', '{}'
    from deals where key = 'd-31'`.execute(db);

  const judge = await world.openProcess({ only: ['sweep'] });
  const dead: { release(): void; stop(): Promise<void> }[] = [];
  for (let n = 1; n <= deathsAllowed; n += 1) {
    const deadly = makeDeadly();
    const name = `deadly-${n}`;
    const worker = await world.openProcess({ name, only: ['advance'], bend: deadly.bend });
    await worker.queues.ring('advance');
    await deadly.died();
    await worker.cutOff();
    dead.push({ release: deadly.release, stop: worker.stop });
    const parked = n === deathsAllowed ? 1 : 0;
    await expect.poll(() => countParked()).toBe(parked);
    await expect.poll(countNotes).toBe(0);
  }

  const healthy = await world.openProcess({ name: 'healthy', only: ['advance', 'deliver'] });
  await healthy.queues.ring('advance');
  await expect.poll(countMails, { timeout: 60_000 }).toBe(leads - 1);
  await expect.poll(async () => (await suspects()).rows[0]?.n).toBe(0);
  const parked = await db
    .selectFrom('contacts')
    .select(['key', 'parked_why'])
    .where('parked_at', 'is not', null);
  expect(await parked.execute()).toEqual([
    { key: 'c-31', parked_why: expect.stringContaining('workers in a row died with this contact in hand') },
  ]);
  await healthy.stop();
  await judge.stop();
  for (const one of dead) one.release();
  await Promise.all(dead.map(({ stop }) => stop()));
});

it('a batch whose worker lives and fails is held against nobody', async () => {
  await world.recordLeads(1);
  const fault = openSignal();
  const worker = await world.openProcess({
    only: ['advance'],
    bend: (parts) => {
      const { definitions } = parts.advance;
      const program: typeof definitions.program = async (on, pinned) => {
        if (fault.count > 0) return definitions.program(on, pinned);
        fault.raise();
        throw new Error('the definitions cannot be read');
      };
      return { ...parts, advance: { ...parts.advance, definitions: { ...definitions, program } } };
    },
  });
  await worker.queues.ring('advance');
  await fault.reaches(1);
  await expect.poll(countNotes).toBe(0);
  await worker.stop();
});

it('a note of a batch that is still held is left alone', async () => {
  const sweep = await world.openProcess({ only: ['sweep'] });
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(tx);
    await noteBatch(db, rows[0]?.xid ?? '', ['1']);
    await sweep.stop();
    expect(await countNotes()).toBe(1);
    await forgetBatch(db, rows[0]?.xid ?? '');
  });
});

it('a batch is noted also where every other connection is taken by requests that wait for its contacts', async () => {
  const narrow = connect(world.databaseUrl, { max: 1, name: 'narrow' });
  await narrow.transaction().execute(async (tx) => {
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(tx);
    await noteBatch(narrow, rows[0]?.xid ?? '', ['1']);
    expect(await countNotes()).toBe(1);
    await forgetBatch(narrow, rows[0]?.xid ?? '');
    expect(await countNotes()).toBe(0);
  });
  await close(narrow);
});

async function countParked(): Promise<number> {
  return (await db.selectFrom('contacts').select('id').where('parked_at', 'is not', null).execute()).length;
}

async function countNotes(): Promise<number> {
  return (await db.selectFrom('held_batches').select('xid').execute()).length;
}
