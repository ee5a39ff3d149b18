// The path through real workers, over both engines: what is due becomes mail once, and what fails fails alone.
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Parts } from '../../workers/run.ts';
import { engineNames } from '../harness/engines.ts';
import { dayMs } from '../harness/factories.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { openWorld, type ProcessOptions } from '../harness/world.ts';

describe.each(engineNames)('over %s', async (engine) => {
  const world = await openWorld(engine);
  const { db, sink, clock } = world;
  const opened: { stop(): Promise<void> }[] = [];
  let sentBefore = 0;
  const start = async (options?: ProcessOptions) => {
    const process = await world.openProcess(options);
    opened.push(process);
    return process;
  };
  const until = (mails: number) => sink.until(sentBefore + mails);
  const states = async () => (await world.deliveries()).map(({ state }) => state);

  beforeEach(async () => {
    await emptyLedger(db);
    sentBefore = sink.accepted.length;
  });
  afterEach(async () => {
    for (const process of opened.splice(0)) await process.stop();
  });

  it('a lead gets its first mail at once, and the second when two days have passed', async () => {
    const { queues } = await start();
    await world.recordLeads(1);
    await queues.ring('advance');
    await until(1);
    clock.moveTo(clock.at() + 2 * dayMs);
    await until(2);
    await expect.poll(states).toEqual(['sent', 'sent']);
    const [run] = await db.selectFrom('runs').selectAll().execute();
    expect(run).toMatchObject({ outcome: 'no-response', ended_at: clock.at() });
  });

  it('what nobody rang for is found by the sweep', async () => {
    await start();
    await world.recordLeads(1);
    await until(1);
  });

  it('two processes share the leads, and each lead gets one mail', async () => {
    const [one, two] = [await start({ name: 'one' }), await start({ name: 'two' })];
    await world.recordLeads(300);
    await Promise.all([one.queues.ring('advance'), two.queues.ring('advance')]);
    await until(300);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(['sent']));
    const to = sink.accepted.slice(sentBefore).map((mail) => mail.to);
    expect(new Set(to).size).toBe(300);
  });

  it('stopping finishes what has begun and gives back the rest', async () => {
    sink.reply(5);
    const { queues, stop } = await world.openProcess({ connections: 1, only: ['advance', 'deliver'] });
    await world.recordLeads(10);
    await queues.ring('advance');
    await until(1);
    await stop();
    sink.reply(0);
    const settled = await states();
    expect(settled.filter((state) => state === 'sent')).toHaveLength(sink.accepted.length - sentBefore);
    expect(new Set(settled)).toEqual(new Set(['sent', 'queued']));
    await start();
    await until(10);
  });

  it('who unsubscribes between claim and send gets nothing', async () => {
    const unsubscribed = (parts: Parts): Parts => {
      const { ledger } = parts.deliver;
      const claim: typeof ledger.claim = async (...args) => {
        const claimed = await ledger.claim(...args);
        await sql`update contacts set consent = '{"marketing": false}' where key = 'c-refuses'`.execute(db);
        return claimed;
      };
      return { ...parts, deliver: { ...parts.deliver, ledger: { ...ledger, claim } } };
    };
    await world.recordLeads(2);
    await sql`update contacts set key = 'c-refuses' where id = 1`.execute(db);
    await start({ bend: unsubscribed });
    await expect.poll(states).toEqual(['cancelled', 'sent']);
    expect(sink.accepted.length - sentBefore).toBe(1);
  });

  it('a contact that the engine fails on is parked with the reason, and the others get their mail', async () => {
    await world.recordLeads(3);
    const one = await start({ only: ['advance', 'sweep'] });
    await expect.poll(async () => (await states()).length).toBe(3);
    await one.stop();
    await sql`update runs set node = 'nowhere' where contact_id = 2`.execute(db);
    clock.moveTo(clock.at() + 2 * dayMs);
    await start();
    await until(5);
    const contacts = await db.selectFrom('contacts').select('parked_why').orderBy('id').execute();
    expect(contacts.map(({ parked_why }) => parked_why)).toEqual([
      null,
      expect.stringContaining('stands on `nowhere`'),
      null,
    ]);
  });

  it('a contact whose move the ledger cannot hold is parked alone', async () => {
    const poisoned = (parts: Parts): Parts => {
      const { definitions } = parts.advance;
      const program: typeof definitions.program = async (...args) => {
        const sound = await definitions.program(...args);
        const poison = (linked: (typeof sound.current)[number]) => ({
          ...linked,
          step: (verb: string) => {
            const step = linked.step(verb);
            const decide: typeof step.decide = (view) => {
              const decision = step.decide(view);
              return view.facts.contact.id === 'c-poison' ? { ...decision, why: 'a NUL: \u0000' } : decision;
            };
            return { ...step, decide };
          },
        });
        const byHash = new Map([...sound.byHash].map(([key, linked]) => [key, poison(linked)]));
        return { ...sound, current: sound.current.map(poison), byHash };
      };
      return { ...parts, advance: { ...parts.advance, definitions: { ...definitions, program } } };
    };
    await world.recordLeads(5);
    await sql`update contacts set key = 'c-poison' where id = 3`.execute(db);
    await start({ bend: poisoned });
    await until(4);
    const parked = await db
      .selectFrom('contacts')
      .select(['key', 'parked_why'])
      .where('parked_at', 'is not', null)
      .execute();
    expect(parked).toEqual([{ key: 'c-poison', parked_why: 'unsupported Unicode escape sequence' }]);
  });

  it('a delivery whose step throws is tried later, and at last refused as a fault; the others leave', async () => {
    await world.recordLeads(3);
    const one = await start({ only: ['advance', 'sweep'] });
    await expect.poll(async () => (await states()).length).toBe(3);
    await one.stop();
    await sql`update deliveries set payload = '{"template": "gone"}' where contact_id = 2`.execute(db);
    await start();
    await until(2);
    await expect.poll(states).toEqual(['sent', 'deferred', 'sent']);
    const [, failed] = await world.deliveries();
    expect(failed).toMatchObject({
      attempt: 1,
      why: 'fault: no template `gone` is applied',
      due_at: clock.at() + 60_000,
    });
    await sql`update deliveries set attempt = 7 where contact_id = 2`.execute(db);
    clock.moveTo(clock.at() + 60_000);
    await expect.poll(states).toEqual(['sent', 'refused', 'sent']);
    expect((await world.deliveries())[1]).toMatchObject({ attempt: 8 });
  });

  it('nothing personal stands in the log', () => {
    expect(world.lines().join('\n')).not.toMatch(/acme\.example|c-\d+@/);
  });

  it.runIf(engine === 'redis')('emptying Redis while mail goes out loses nothing', async () => {
    const { queues } = await start();
    await world.recordLeads(200);
    await queues.ring('advance');
    for (const mails of [1, 50, 100, 150]) {
      await until(mails);
      await world.redis?.command('FLUSHALL');
    }
    await until(200);
    await expect.poll(async () => new Set(await states())).toEqual(new Set(['sent']));
    expect(sink.accepted.length - sentBefore).toBe(200);
  });
});
