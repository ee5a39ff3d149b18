// POST /v1/events: the way in. Stop 1 of the path: one event or a batch, each judged alone and answered in its place;
// what is sound is recorded in one transaction, and only after its commit is the doorbell rung.
//
// What a sender may rely on: the same id twice is one event; 202 means recorded and durable; a refused event says why
// and where, and takes nothing with it. `at` may lie a few minutes ahead of our clock, as skewed clocks do; what lies
// further ahead is taken as of now, and its result says so. The stage that counts is the latest by `at`: believed, one
// slip to the year 2062 would hold a deal where it is for good; refused, a sender with a fast clock would lose all.
import type { FastifyInstance } from 'fastify';
import type { EventResult } from '../db/event-input.ts';
import { record } from '../db/events.ts';
import type { Guard } from './auth.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { type Checked, checkEvent } from './event-check.ts';
import { shapeOf } from './event-shape.ts';

export function addEvents(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.post('/events', { onRequest: guard.asks('ingest') }, async (request, reply) => {
    const batch = batchOf(request.body, deps.limits.batch);
    guard.spend(request, batch.length - 1);
    const now = await deps.clock.now();
    const catalogue = await deps.catalogue();
    const shape = shapeOf(catalogue.facts);
    const checked = batch.map((event) => checkEvent(event, shape, now, deps.limits));
    const inputs = checked.flatMap((one) => ('input' in one ? [one.input] : []));
    const recorded =
      inputs.length === 0
        ? []
        : await record(deps.db, inputs, { now, hash: deps.hash, pipelines: catalogue.pipelines });
    const results = inOrder(checked, recorded);
    if (results.some((result) => result.status === 'accepted')) ring(deps, 'advance');
    const isAllRefused = results.every((result) => result.status === 'refused');
    return reply.code(isAllRefused ? 422 : 202).send({ results });
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

/** The ledger answers for the sound ones, in their order; the others have their answer already. */
function inOrder(checked: readonly Checked[], recorded: readonly EventResult[]): readonly EventResult[] {
  const next = recorded.values();
  return checked.map((one) => {
    if ('refused' in one) return one.refused;
    const { done, value } = next.next();
    if (done === true) throw new Error(`The ledger did not answer for event ${one.input.id}`);
    return value.status === 'accepted' ? { ...value, ...one.note } : value;
  });
}
