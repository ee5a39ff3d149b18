import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openWeb } from '../harness/web.ts';

let isQueueAway = false;
const { server, db } = await openWeb({
  pingQueue: async () => {
    if (isQueueAway) throw new Error('connect ECONNREFUSED');
  },
});
const get = (url: string) => server.inject({ method: 'GET', url });

it('a process that answers is alive', async () => {
  const answer = await get('/healthz');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
});

it('it is ready when ledger and queue answer and the migrations are those of the program', async () => {
  const answer = await get('/readyz');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready', ledger: 'ok', queue: 'ok' }]);
});

it('it says that the queue is away', async () => {
  isQueueAway = true;
  const answer = await get('/readyz');
  isQueueAway = false;
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({ status: 'not ready', ledger: 'ok', queue: 'cannot be reached' });
});

it('it says which migration is missing and what to run, and is still alive', async () => {
  await sql`delete from migrations where name like '0003%'`.execute(db);
  const answer = await get('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json().ledger).toMatch(/lacks 0003-.*voronka migrate/);
  expect((await get('/healthz')).statusCode).toBe(200);
});
