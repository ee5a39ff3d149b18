import { expect, it } from 'vitest';
import { openWeb } from '../harness/web.ts';

const { server, keys, logged } = await openWeb({
  ring: async () => {
    throw new Error('the queue is away');
  },
});

it('an event is accepted while the queue is away: the row is the fact', async () => {
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/events',
    headers: { authorization: `Bearer ${keys.ingest}` },
    payload: { id: 'a', type: 'form.submitted', at: '2026-11-23T09:59:00Z', contact: { id: 'c-17' } },
  });
  expect(answer.statusCode).toBe(202);
  expect(logged.join('')).toContain('the sweep will find the work');
});
