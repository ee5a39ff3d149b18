// POST /v1/events: the way in. Stop 1 of the path: one event or a batch.
//
// What a sender may rely on: the same id twice is one event; 202 means recorded and durable; a refused event says why
// and where, and takes nothing with it. `at` may lie a few minutes ahead of our clock, as skewed clocks do; what lies
// further ahead is taken as of now, and its result says so. The stage that counts is the latest by `at`: believed, one
// slip to the year 2062 would hold a deal where it is for good; refused, a sender with a fast clock would lose all.
import type { FastifyInstance } from 'fastify';
import type { Guard } from './auth.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { takeEvents } from './event-batch.ts';

export function addEvents(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.post('/events', { onRequest: guard.asks('ingest') }, async (request, reply) => {
    const batch = batchOf(request.body, deps.limits.batch);
    guard.spend(request, batch.length - 1);
    const { status, results } = await takeEvents(deps, batch);
    return reply.code(status).send({ results });
  });
}

function batchOf(body: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(body)) return [body];
  if (body.length === 0)
    throw problem(400, `The batch is empty. Send one event, or a list of up to ${most}.`);
  if (body.length > most)
    throw problem(
      413,
      `A batch holds at most ${most} events; this one has ${body.length}. Send it in parts.`,
    );
  return body;
}
