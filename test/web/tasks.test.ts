// Tasks from outside: by the API, and by the link in a mail, whose GET changes nothing.
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTask } from '../../db/tasks.ts';
import { makeTasks } from '../../db/tasks-make.ts';
import { sign } from '../../mail/links.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { linkKeys, openWeb } from '../harness/web.ts';

const { server, db, keys, rings } = await openWeb();
let ids: string[] = [];
let count = 0;
await makeContacts(db, 1, { dueAt: null });

beforeEach(async () => {
  count += 1;
  const rule = { assign: { to: 'owner' as const }, due: 'PT4H', remind: [], overdue: null };
  const makings = ['a', 'b'].map((key) => ({
    key: `${key}-${count}`,
    deliveryId: null,
    contactId: '1',
    dealId: null,
    run: { id: '9', workflow: 'w', node: 'call' },
    title: 'Call <Anna>',
    notes: 'About the pumps\nand the valves',
    rule,
    choice: {
      by: 'first' as const,
      team: null,
      candidates: [{ person: 'olga', dueAt: monday + 4 * hourMs, lookAt: monday + 4 * hourMs }],
    },
    dueAt: 0,
    by: 'w',
  }));
  ids = (await makeTasks(db, makings, monday)).map((one) => one?.id ?? '');
  rings.length = 0;
});

const ask = (method: 'GET' | 'PATCH', url: string, payload?: object, key = keys.admin) =>
  server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(payload ? { payload } : {}),
  });
const stateOf = async (id = ids[0] ?? '') => (await readTask(db, id))?.state;

describe('the API', () => {
  it('lists them, with what is needed to do them', async () => {
    const answer = await ask(
      'GET',
      `/v1/tasks?state=open&owner=olga&after=${Number(ids[0]) - 1}`,
      undefined,
      keys.read,
    );
    expect(answer.json()).toMatchObject({
      tasks: [
        { id: ids[0], title: 'Call <Anna>', contact: 'c-1', due_at: '2026-11-23T14:00:00.000Z' },
        { id: ids[1] },
      ],
      next: null,
    });
    expect((await ask('GET', `/v1/tasks/${ids[1]}`)).json()).toMatchObject({
      key: `b-${count}`,
      step: 'call',
      state: 'open',
    });
  });

  it('closes one, once, and rings for whoever waits', async () => {
    const url = `/v1/tasks/${ids[0]}`;
    const done = await ask('PATCH', url, { state: 'done', outcome: 'reached' }, keys.ingest);
    expect(done.json()).toMatchObject({ state: 'done', outcome: 'reached' });
    expect(rings).toEqual(['advance']);
    const again = await ask('PATCH', url, { state: 'cancelled' });
    expect([again.statusCode, again.json().error.message]).toEqual([
      409,
      'This task is done already; nothing was changed.',
    ]);
  });

  it('puts one off', async () => {
    const later = await ask('PATCH', `/v1/tasks/${ids[0]}`, { due: '2026-11-24T09:00:00+01:00' });
    expect(later.json()).toMatchObject({ state: 'open', due_at: '2026-11-24T08:00:00.000Z' });
    expect(rings).toEqual([]);
  });

  it.each([
    [{ state: 'finished' }, 'state', 'state must be done or cancelled'],
    [{ stat: 'done' }, 'stat', 'stat means nothing here'],
    [{ outcome: 'reached' }, 'outcome', 'outcome says how a task was done'],
    [{ due: 'tomorrow' }, 'due', 'due is no instant'],
    [{ owner: 'nobody' }, 'owner', 'nobody in teams.yaml is called nobody'],
  ])('says what is wrong with %j, and changes nothing', async (payload, path, message) => {
    const answer = await ask('PATCH', `/v1/tasks/${ids[0]}`, payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({ path, message: expect.stringContaining(message) });
    expect(await stateOf()).toBe('open');
  });

  it('knows no task that is none, and no key that may not', async () => {
    expect((await ask('GET', '/v1/tasks/nothing')).statusCode).toBe(404);
    expect((await ask('PATCH', '/v1/tasks/999', { state: 'done' })).statusCode).toBe(404);
    expect((await ask('PATCH', `/v1/tasks/${ids[0]}`, { state: 'done' }, keys.read)).statusCode).toBe(403);
  });
});

describe('the link', () => {
  const linkOf = (id = ids[0] ?? '') => `/t/${sign('task', `${id}:olga`, linkKeys)}`;
  const press = (button: string, url = linkOf()) =>
    server.inject({
      method: 'POST',
      url,
      payload: `do=${button}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

  it.each(['GET', 'HEAD'] as const)(
    '%s shows the task and its buttons, and changes nothing',
    async (method) => {
      const page = await server.inject({ method, url: linkOf() });
      expect(page.statusCode).toBe(200);
      if (method === 'GET') {
        expect(page.body).toContain('Call &lt;Anna&gt;');
        expect(page.body.match(/<button[^>]*value="(done|later|cancel)"/g)).toHaveLength(3);
      }
      expect([await stateOf(), rings]).toEqual(['open', []]);
    },
  );

  it.each([
    ['done', 'done', 'It is done'],
    ['cancel', 'cancelled', 'It need not be done any more'],
  ])('the button %s closes it, and says so to whoever comes later', async (button, state, words) => {
    const page = await press(button);
    expect([page.statusCode, page.body.includes(words), await stateOf()]).toEqual([200, true, state]);
    expect(rings).toEqual(['advance']);
    const late = await press('later');
    expect([late.body.includes(words), late.body.includes('<form'), await stateOf()]).toEqual([
      true,
      false,
      state,
    ]);
  });

  it('where the task names its outcomes, each is a button, and no other word is taken', async () => {
    await sql`update tasks set rule = rule || '{"outcomes": ["reached", "not-now"]}' where id = ${ids[0]}`.execute(
      db,
    );
    const page = await server.inject({ method: 'GET', url: linkOf() });
    expect(page.body).toContain('value="done not-now">Not now</button>');
    expect(page.body).not.toContain('value="done">');
    expect((await press('done+perhaps')).statusCode).toBe(400);
    const answer = await ask('PATCH', `/v1/tasks/${ids[0]}`, { state: 'done', outcome: 'perhaps' });
    expect(answer.json().error).toMatchObject({
      path: 'outcome',
      message: 'this task is done as reached, not-now, and not as perhaps',
    });
    await press('done+not-now');
    expect(await readTask(db, ids[0] ?? '')).toMatchObject({ state: 'done', outcome: 'not-now' });
  });

  it('later is a business day later', async () => {
    const page = await press('later');
    expect(page.body).toContain('Put off');
    expect(await readTask(db, ids[0] ?? '')).toMatchObject({ state: 'open', dueAt: monday + 24 * hourMs });
  });

  it('a token of another purpose, cut or made up leads nowhere', async () => {
    const foreign = sign('unsubscribe', `${ids[0]}:olga`, linkKeys);
    for (const token of [foreign, linkOf().slice(3, -1), 'x'])
      expect((await server.inject({ method: 'GET', url: `/t/${token}` })).statusCode).toBe(404);
    expect((await press('done', `/t/${foreign}`)).statusCode).toBe(404);
    expect((await press('explode')).statusCode).toBe(400);
    expect(await stateOf()).toBe('open');
  });
});
