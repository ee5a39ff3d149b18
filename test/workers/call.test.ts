// A call through the real workers: a row like any other, repeated under one webhook-id until it is answered, and what
// comes of it moves the run that waits.
import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Parts } from '../../workers/run.ts';
import { openCaller } from '../../workers/webhook.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { engineNames } from '../harness/engines.ts';
import { monday } from '../harness/factories.ts';
import { type Answer, type Hook, openHook } from '../harness/hook.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { makeMortal } from '../harness/mortal.ts';
import { openWorld } from '../harness/world.ts';

const workflow = (port: number) => `workflow: tell
enter: { when: deal.stage enters "Lead" }
steps:
  # lint-ignore open-call: the listener of this test
  - id: crm
    call: http://crm.internal:${port}/
    with: { amount: deal.amount }
    retry_for: 6h
    on_failure: exit crm-down
  - id: done
    exit: told
`;

describe.each(engineNames)('over %s', { timeout: 120_000 }, async (engine) => {
  const world = await openWorld(engine);
  const { db, clock } = world;
  let hook: Hook;
  let answers: (Answer | null)[] = [];
  const opened: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    hook = await openHook(() => (answers.length > 0 ? (answers.shift() ?? null) : { status: 200 }));
    await useDefinitions(db, monday, [pipelinesFile, { path: 'tell.yaml', text: workflow(hook.port) }]);
    return () => hook.close();
  });
  beforeEach(async () => {
    await emptyLedger(db);
    hook.calls.length = 0;
    answers = [];
  });
  afterEach(async () => {
    for (const process of opened.splice(0)) await process.stop();
  });

  const calling = (parts: Parts): Parts => {
    const caller = openCaller({
      keys: [Buffer.alloc(32)],
      hosts: ['crm.internal'],
      resolve: async () => ['127.0.0.1'],
    });
    return { ...parts, deliver: { ...parts.deliver, post: { ...parts.deliver.post, caller } } };
  };
  const start = async () => {
    const process = await world.openProcess({ leaseMs: 300, bend: calling });
    opened.push(process);
    return process;
  };
  const outcome = async () => (await db.selectFrom('runs').select('outcome').execute())[0]?.outcome;
  const states = async () => (await world.deliveries()).map(({ state }) => state);
  const patience = { timeout: 30_000 };

  it('a call that is answered lets the run go on, though the address is suppressed', async () => {
    await world.recordLeads(1);
    await sql`insert into suppressions (address_hash, topic, reason, at)
      select address_hash, '*', 'complained', now() from contacts`.execute(db);
    await start();
    await expect.poll(outcome, patience).toBe('told');
    expect(await states()).toEqual(['sent']);
    expect(hook.calls).toHaveLength(1);
  });

  it('503 is a row that is tried later, under the same id; a 404 ends the run', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '60' } }, { status: 404 }];
    await world.recordLeads(1);
    await start();
    await expect.poll(states, patience).toEqual(['deferred']);
    const [deferred] = await world.deliveries();
    expect(deferred).toMatchObject({ attempt: 1, why: 'answered 503', due_at: clock.at() + 60_000 });
    clock.moveTo(clock.at() + 60_000);
    await expect.poll(outcome, patience).toBe('crm-down');
    const [first, second] = hook.calls;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect((await world.deliveries())[0]).toMatchObject({
      state: 'refused',
      attempt: 2,
      why: 'answered 404',
    });
  });

  it('a worker that dies when it has called is repeated under the same id, and the run goes on once', async () => {
    await world.recordLeads(1);
    const deciding = await world.openProcess({ only: ['advance', 'sweep'] });
    await expect.poll(states, patience).toEqual(['queued']);
    await deciding.stop();
    const mortal = makeMortal('reply came, nothing settled');
    const dying = await world.openProcess({
      name: 'dying-caller',
      only: ['deliver'],
      leaseMs: 300,
      bend: (parts) => mortal.bend(calling(parts)),
    });
    await dying.queues.ring('deliver');
    await mortal.died();
    await dying.cutOff();
    await start();
    await expect.poll(outcome, patience).toBe('told');
    mortal.release();
    await dying.stop();
    expect(await states()).toEqual(['sent']);
    expect(hook.calls.length).toBeGreaterThanOrEqual(2);
    expect(new Set(hook.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const { rows } = await sql`select 1 from events where type = 'call.answered'`.execute(db);
    expect(rows).toHaveLength(1);
  });
});
