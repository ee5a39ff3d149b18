// GET /v1/deals/:id: a deal by the customer's own id, with every stage that it came to.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type KnownDeal, readDealPast } from '../db/why.ts';
import type { Guard } from './auth.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { toFacts, toText } from './instants.ts';

export function addDeals(scope: FastifyInstance, deps: WebDeps, guard: Guard): void {
  scope.get(
    '/deals/:id',
    { onRequest: guard.asks('read') },
    async (request: FastifyRequest<{ Params: { id: string } }>) => {
      const deal = await readDealPast(deps.db, request.params.id);
      if (deal === null) throw problem(404, 'There is no deal with this id; it is made by its first event.');
      return toDeal(deal);
    },
  );
}

/** As the API shows it: the fields as an event would send them, and the history. */
export function toDeal({ contact, facts, history }: KnownDeal): object {
  return {
    ...toFacts(facts),
    contact,
    history: history.map(({ at, from, to, late }) => ({ at: toText(at), from, to, late })),
  };
}
