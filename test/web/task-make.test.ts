// Tasks that another program asks for: made once by the caller's id, given out as a workflow would, and refused with the
// field that is wrong.
import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { link } from '../../engine/link.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { openWeb } from '../harness/web.ts';

const person = (name: string) => ({ name, email: null, zone: null, away: [] });
const catalogue = {
  ...emptyCatalogue,
  facts: builtInFacts,
  people: { olga: person('Olga'), ivan: person('Ivan'), lead: person('Lea') },
  teams: { sales: { members: ['olga', 'ivan'], lead: 'lead' } },
};
const { server, db, keys } = await openWeb({ program: async () => link([], [], [], catalogue) });
await makeContacts(db, 1, { dueAt: null });
await db
  .insertInto('deals')
  .values({
    contact_id: '1',
    key: 'd-1',
    pipeline: 'sales',
    stage: 'Lead',
    owner: 'ivan',
    created_at: new Date(monday),
    updated_at: new Date(monday),
    stage_at: new Date(monday),
    facts_at: new Date(monday),
    fields: '{}',
  })
  .execute();

const post = (payload: object, key = keys.ingest) =>
  server.inject({ method: 'POST', url: '/v1/tasks', headers: { authorization: `Bearer ${key}` }, payload });
const wish = { id: 'crm-1', contact: 'c-1', title: 'Call back', due: '4h', owner: 'olga' };

describe('POST /v1/tasks', () => {
  it('makes one task by one id, and answers it again unchanged', async () => {
    const made = await post({ ...wish, notes: 'asked for a price', remind: ['1h'], outcomes: ['reached'] });
    expect([made.statusCode, made.json()]).toMatchObject([
      201,
      { key: 'crm-1', owner: 'olga', state: 'open', contact: 'c-1', due_at: '2026-11-23T14:00:00.000Z' },
    ]);
    const again = await post({ ...wish, title: 'Something else' });
    expect([again.statusCode, again.json()]).toEqual([200, made.json()]);
    const both = await Promise.all([1, 2].map(() => post({ ...wish, id: 'crm-2' })));
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 201]);
    expect(new Set(both.map((one) => one.json().id)).size).toBe(1);
  });

  it('reckons reminders from the instant that was said, to the millisecond', async () => {
    const { statusCode, json } = await post({
      ...{ ...wish, id: 'crm-half', remind: ['1h'] },
      due: '2026-11-23T14:00:00.500Z',
    });
    expect([statusCode, json().due_at]).toEqual([201, '2026-11-23T14:00:00.500Z']);
    const { look_at } = await db
      .selectFrom('tasks')
      .select('look_at')
      .where('id', '=', json().id)
      .executeTakeFirstOrThrow();
    expect(new Date(look_at ?? 0).toISOString()).toBe('2026-11-23T13:00:00.500Z');
  });

  it.each([
    [{ assign: 'deal.owner', deal: 'd-1' }, 'ivan'],
    [{ deal: 'd-1' }, 'ivan'],
    [{ assign: 'round robin over sales' }, 'olga'],
    [{ assign: 'least loaded of sales' }, 'ivan'],
  ])('gives it out by %j', async (said, owner) => {
    const { owner: _, ...rest } = wish;
    const made = await post({ ...rest, id: JSON.stringify(said).replace(/\s/g, '-'), ...said });
    expect([made.statusCode, made.json().owner]).toEqual([201, owner]);
  });

  it('is due at the very instant, or so long on in the owner’s business time', async () => {
    const due = new Date(monday + 30 * hourMs + 123).toISOString();
    expect((await post({ ...wish, id: 'at', due })).json().due_at).toBe(due);
    expect((await post({ ...wish, id: 'in', due: '2 business days' })).json().due_at).toBe(
      new Date(monday + 48 * hourMs).toISOString(),
    );
  });

  it.each([
    [{ due: 'soon' }, 400, 'due', 'is no duration and no instant'],
    [{ due: '2020-01-01T00:00:00Z' }, 400, 'due', 'lies in the past'],
    [{ owner: 'olag' }, 400, 'owner', 'did you mean `olga`'],
    [{ owner: undefined }, 400, 'assign', 'who gets the task'],
    [{ owner: undefined, assign: 'round robin over sale' }, 400, 'assign', 'there is no team `sale`'],
    [{ owner: undefined, assign: 'deal.owner' }, 400, 'assign', 'without a deal'],
    [{ assign: 'ivan' }, 400, 'assign', 'send one of them'],
    [{ overdue: 'reassign' }, 400, 'overdue', 'nobody to reassign to'],
    [{ overdue: 'panic' }, 400, 'overdue', 'nothing that can be done'],
    [{ remind: ['1 business day'] }, 400, 'remind', 'cannot be counted back'],
    [{ id: 'delivery:7' }, 400, 'id', 'must be an id of your own'],
    [{ title: '' }, 400, 'title', 'must not be empty'],
    [{ tilte: 'x' }, 400, 'tilte', 'means nothing here'],
    [{ contact: 'nobody' }, 404, 'contact', 'There is no contact nobody'],
    [{ deal: 'd-9' }, 404, 'deal', 'has no deal d-9'],
  ])('refuses %j', async (said, status, path, message) => {
    const answer = await post({ ...wish, id: `no-${path}`, ...said });
    expect([answer.statusCode, answer.json().error]).toMatchObject([
      status,
      { path, message: expect.stringContaining(message) },
    ]);
  });

  it('is not for a key that only reads', async () => {
    expect((await post(wish, keys.read)).statusCode).toBe(403);
  });
});
