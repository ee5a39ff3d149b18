// The pages, for two kinds of reader: who got a mail (its links, open to whoever holds the token) and who runs this
// place (the overview, contacts, the inbox; see visitors.ts). Errors are pages here, not JSON.
import type { FastifyInstance } from 'fastify';
import { addConsent } from './consent.ts';
import type { WebDeps } from './deps.ts';
import { answerErrors, problem, type Show } from './errors.ts';
import { addFormPage } from './form.ts';
import { allowPage } from './headers.ts';
import { addHome } from './home.ts';
import { addInbox } from './inbox.ts';
import { prepareLetters, readForms } from './letters.ts';
import { addLogin } from './login.ts';
import { assets } from './pages/layout.ts';
import { loginPage } from './pages/login.ts';
import { lostPage } from './pages/lost.ts';
import { addPreferences } from './preferences.ts';
import { addSurveyPage } from './survey.ts';
import { addTaskPage } from './task.ts';
import { addTracking } from './track.ts';
import { addUnsubscribe } from './unsubscribe.ts';
import { mayLook } from './visitors.ts';
import { addWhy } from './why.ts';

export function addPages(scope: FastifyInstance, deps: WebDeps): void {
  scope.removeAllContentTypeParsers();
  addAssets(scope);
  scope.register(async (letters) => addLetters(letters, deps));
  scope.register(async (operators) => addOperators(operators, deps));
}

/** What pages load, by the hash of its content: kept for good. */
function addAssets(scope: FastifyInstance): void {
  for (const { path, type, text } of Object.values(assets))
    scope.get(path, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(text),
    );
}

function addLetters(scope: FastifyInstance, deps: WebDeps): void {
  prepareLetters(scope, deps);
  addUnsubscribe(scope, deps);
  addTaskPage(scope, deps);
  addSurveyPage(scope, deps);
  addFormPage(scope, deps);
  addTracking(scope, deps);
  addPreferences(scope, deps);
  addConsent(scope, deps);
}

function addOperators(scope: FastifyInstance, deps: WebDeps): void {
  const show: Show = (answer, _request, reply) =>
    allowPage(reply).send(lostPage(answer, deps.catcher !== null));
  answerErrors(scope, show);
  readForms(scope);
  addLogin(scope, deps);
  scope.register(async (inner) => {
    inner.addHook('preHandler', async (request, reply) => {
      if (await mayLook(deps, request)) return;
      const next = request.url.split('?')[0] ?? '/';
      await allowPage(reply).code(401).send(loginPage(next, null));
    });
    addHome(inner, deps);
    addWhy(inner, deps);
    if (deps.catcher !== null) addInbox(inner, deps.catcher, deps);
    else
      inner.get('/inbox', async () => {
        throw problem(
          404,
          'Mails go to the SMTP server of SMTP_URL, so there is no inbox here. Unset it to get one.',
        );
      });
  });
}
