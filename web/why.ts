// GET /contacts/:id, the operator's page that answers "why": why did this person get this mail, or not get it. And
// GET /contacts, where one comes to it: by the customer's own id, or from those to whom something happened lately.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { listActive, readContactPast } from '../db/why.ts';
import { readAbsences } from './absences.ts';
import type { WebDeps } from './deps.ts';
import { problem } from './errors.ts';
import { allowPage } from './headers.ts';
import { contactPage } from './pages/contact.ts';
import { contactsPage, pathOf } from './pages/contacts.ts';

const MOST = 50;

export function addWhy(scope: FastifyInstance, deps: WebDeps): void {
  scope.get('/contacts', async (request: FastifyRequest<{ Querystring: { id?: unknown } }>, reply) => {
    const { id } = request.query;
    if (typeof id === 'string' && id.trim() !== '') return reply.redirect(pathOf(id.trim()), 303);
    return allowPage(reply).send(contactsPage(await listActive(deps.db, MOST), deps.catcher !== null));
  });

  scope.get('/contacts/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const past = await readContactPast(deps.db, request.params.id);
    if (past === null)
      throw problem(404, 'There is no contact with this id. A contact is made by its first event.');
    const absences = await readAbsences(deps.db, deps.program, past.contact.id, await deps.clock.now());
    return allowPage(reply).send(contactPage(past, absences, deps.catcher !== null));
  });
}
