// GET and POST /login: where the operator's pages are reached from elsewhere, an API key with the scope read or admin
// opens them. The key is sent once, in a form's body, and is not kept: the cookie names it by its id.
import type { FastifyInstance } from 'fastify';
import { checkKey } from '../db/keys.ts';
import { secretForm } from './auth.ts';
import type { WebDeps } from './deps.ts';
import { allowPage } from './headers.ts';
import { formOf } from './letters.ts';
import { loginPage } from './pages/login.ts';
import { closeSession, openSession } from './visitors.ts';

export function addLogin(scope: FastifyInstance, deps: WebDeps): void {
  scope.get('/login', async (_request, reply) => allowPage(reply).send(loginPage('/', null)));

  scope.post('/login', async (request, reply) => {
    const form = formOf(request);
    const next = ownPath(form.get('next'));
    const secret = (form.get('key') ?? '').trim();
    const key = secretForm.test(secret) ? await checkKey(deps.db, secret) : null;
    if (key === null || key.scope === 'ingest') {
      const wrong =
        key === null
          ? 'This key is not known, or it was revoked.'
          : 'This key may send events, but not read.';
      return allowPage(reply).code(403).send(loginPage(next, wrong));
    }
    return reply.header('set-cookie', await openSession(deps, key.id)).redirect(next, 303);
  });

  scope.post('/logout', async (_request, reply) =>
    reply.header('set-cookie', closeSession(deps)).redirect('/login', 303),
  );
}

/** A path of ours; "//elsewhere.example" and "/\\elsewhere" are not. */
export function ownPath(next: string | null): string {
  return next !== null && /^\/(?:[\w.~:@-][\w.~:@/-]*)?$/.test(next) ? next : '/';
}
