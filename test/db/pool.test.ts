// A pool that was ended has said goodbye on every connection, also on those that it had given up a moment before: the
// server may stop next.
import { expect, inject, it } from 'vitest';
import { endPool, openPool } from '../../db/pool.ts';

it('an ended pool has no connection left that a stopping server could still speak on', async () => {
  const pool = openPool(inject('ledgerUrl'), {
    max: 20,
    name: 'test pool',
    connectMs: 10_000,
    onError: (error) => expect.unreachable(error.message),
  });
  const clients = await Promise.all(Array.from({ length: 20 }, () => pool.connect()));
  let ended = 0;
  for (const client of clients) client.once('end', () => ended++);
  clients.forEach((client, n) => {
    client.release(n % 2 === 0);
  });
  await endPool(pool);
  expect(ended).toBe(20);
});

it('a pool that never connected ends at once', async () => {
  const pool = openPool(inject('ledgerUrl'), {
    max: 2,
    name: 'test pool',
    connectMs: 10_000,
    onError: () => expect.unreachable(),
  });
  await endPool(pool);
  expect(pool.ended).toBe(true);
});
