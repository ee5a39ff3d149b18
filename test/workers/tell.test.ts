// What another program is told of tasks: every change, in order, at least once under the same id, signed, and without an
// address; and nothing of what happened while no program was declared.
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeTask } from '../../db/tasks.ts';
import { makeTasks } from '../../db/tasks-make.ts';
import type { Parts } from '../../workers/run.ts';
import { openCaller } from '../../workers/webhook.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { type Answer, openHook } from '../harness/hook.ts';
import { emptyLedger, makeContacts } from '../harness/ledger.ts';
import { openWorld } from '../harness/world.ts';

const key = Buffer.alloc(32, 7);
const patience = { timeout: 30_000 };

describe('over postgres', { timeout: 120_000 }, async () => {
  const world = await openWorld('postgres');
  const { db, clock } = world;
  let answers: Answer[] = [];
  const hook = await openHook(() => answers.shift() ?? { status: 204 });
  const teams = (webhook: string) => ({
    path: 'teams.yaml',
    text: `people:\n  olga: { name: Olga }\n  lead: { name: Lea }\n${webhook}`,
  });
  const declare = (webhook: string) => useDefinitions(db, monday, [pipelinesFile, teams(webhook)]);
  const there = `# lint-ignore open-call: the listener of this test\nwebhook: http://crm.internal:${hook.port}/tasks\n`;

  const calling = (parts: Parts): Parts => {
    const hosts = ['crm.internal'];
    const caller = openCaller({ keys: [key], hosts, resolve: async () => ['127.0.0.1'] });
    return { ...parts, deliver: { ...parts.deliver, post: { ...parts.deliver.post, caller } } };
  };
  beforeEach(async () => {
    await emptyLedger(db);
    await makeContacts(db, 1, { dueAt: null });
    hook.calls.length = 0;
    answers = [];
    const process = await world.openProcess({ bend: calling });
    return async () => {
      await process.stop();
    };
  });

  async function make(overdueTo = 'lead'): Promise<string> {
    const dueAt = clock.at() + 4 * hourMs;
    const rule = {
      assign: { to: 'person' as const, person: 'olga' },
      due: 'PT4H',
      remind: ['PT1H'],
      overdue: { is: 'escalate' as const, person: overdueTo },
    };
    const choice = {
      by: 'first' as const,
      team: null,
      candidates: [{ person: 'olga', dueAt, lookAt: dueAt - hourMs }],
    };
    const of = { key: 'crm-1', deliveryId: null, contactId: '1', dealId: null, run: null, by: 'api' };
    const [made] = await makeTasks(db, [{ ...of, title: 'Call', notes: null, rule, choice, dueAt }], monday);
    return made?.id ?? '';
  }
  const said = () => hook.calls.map(({ body }) => JSON.parse(body));
  const types = () => said().map(({ type }) => type);
  const change = (id: string, change: Parameters<typeof changeTask>[2]['change'], by = 'api') =>
    changeTask(db, id, { change, by, now: clock.at() });

  it('every change is told in order, signed, with the task and no address', async () => {
    await declare(there);
    const id = await make();
    await expect.poll(types, patience).toEqual(['task.created']);
    clock.moveTo(monday + 3 * hourMs);
    await change(id, { owner: 'lead' });
    await change(id, { dueAt: monday + 5 * hourMs, lookAt: monday + 5 * hourMs });
    await change(id, { title: 'Call again' });
    await expect
      .poll(types, patience)
      .toEqual([...['task.created', 'task.reassigned', 'task.snoozed', 'task.changed']]);
    clock.moveTo(monday + 5 * hourMs);
    await expect.poll(types, patience).toContain('task.escalated');
    await change(id, { state: 'done', outcome: 'reached' }, 'olga');
    await expect.poll(types, patience).toContain('task.done');
    expect(types()).toHaveLength(6);
    expect(said().at(-1)).toMatchObject({
      type: 'task.done',
      data: {
        change: { what: 'done', by: 'olga', at: '2026-11-23T15:00:00.000Z' },
        task: {
          ...{
            id,
            state: 'done',
            outcome: 'reached',
            owner: 'lead',
            escalated_to: 'lead',
            title: 'Call again',
          },
          ...{ contact: 'c-1', deal: null, key: 'crm-1', due_at: '2026-11-23T15:00:00.000Z' },
        },
      },
    });
    for (const { headers, body } of hook.calls) {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const mac = createHmac('sha256', key).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${mac}`);
      expect(body).not.toContain('@');
    }
  });

  it('what comes after waits until a program that is down has heard what came before', async () => {
    await declare(there);
    answers = [{ status: 503, headers: { 'retry-after': '60' } }];
    const id = await make();
    await expect
      .poll(async () => (await world.deliveries()).map(({ state }) => state), patience)
      .toEqual(['deferred']);
    await change(id, { state: 'cancelled' });
    clock.moveTo(clock.at() + 60_000);
    await expect.poll(types, patience).toEqual(['task.created', 'task.created', 'task.cancelled']);
    const [first, second, third] = hook.calls.map(({ headers }) => headers['webhook-id']);
    expect([second === first, third === first]).toEqual([true, false]);
  });

  it('what happened while no program was declared is not told later', async () => {
    await declare('');
    const id = await make();
    const untold = () =>
      db.selectFrom('task_changes').select('id').where('delivery_id', 'is', null).execute();
    await expect.poll(untold, patience).toEqual([]);
    await declare(there);
    await change(id, { state: 'done' });
    await expect.poll(types, patience).toEqual(['task.done']);
  });
});
