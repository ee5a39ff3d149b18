// GET /v1/contacts/:id: a contact by the customer's own id, its fields as an event would send them, its deals, and
// where it stands in the workflows. DELETE erases it, and says what went, what stays, and what it cannot reach.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { eraseContact } from '../db/erasure.ts';
import { type KnownRun, readContactPast } from '../db/why.ts';
import type { Guard } from './auth.ts';
import { toDeal } from './deals.ts';
import type { WebDeps } from './deps.ts';
import { tellErasure } from './erasure.ts';
import { problem } from './errors.ts';
import { toFacts, toText } from './instants.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;

export function addContacts(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.get('/contacts/:id', { onRequest: guard.asks('read') }, async ({ params }: ById) => {
    const past = await readContactPast(deps.db, params.id);
    if (past === null) throw problem(404, 'There is no contact with this id; it is made by its first event.');
    return {
      ...toFacts(past.contact.facts),
      parked: past.contact.parkedWhy,
      suppressed: past.suppressions.map(({ topic, reason, at }) => ({ topic, reason, at: toText(at) })),
      deals: past.deals.map(toDeal),
      runs: past.runs.map(toRun),
    };
  });

  scope.delete('/contacts/:id', { onRequest: guard.asks('admin') }, async ({ params }: ById) => {
    const found = await eraseContact(deps.db, params.id, await deps.clock.now());
    if (found === null) throw problem(404, 'There is no contact with this id, or it was erased already.');
    return { erased: true, ...tellErasure(found), found };
  });
}

function toRun(run: KnownRun): object {
  const { workflow, deal, node, outcome, goal } = run;
  return {
    workflow,
    deal,
    entered_at: toText(run.enteredAt),
    step: node,
    wakes_at: toText(run.wakeAt),
    ended_at: toText(run.endedAt),
    outcome,
    goal,
  };
}
