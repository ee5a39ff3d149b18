// The ground of every page that a mail links to: forms are read, whatever a mail provider posts is let in unread, and
// an error is a page in the reader's language that says nothing of our affairs.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebDeps } from './deps.ts';
import { answerErrors } from './errors.ts';
import { allowPage } from './headers.ts';
import { failedPage } from './pages/lost.ts';
import { wordsFor } from './pages/words.ts';

const FORM_BYTES = 64 * 1024;

export type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

export function prepareLetters(scope: FastifyInstance, deps: WebDeps): void {
  readForms(scope);
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: FORM_BYTES }, async () => null);
  answerErrors(scope, async ({ status }, request, reply) =>
    allowPage(reply).send(
      failedPage(wordsFor(request.headers['accept-language']), await nameOf(deps), status),
    ),
  );
}

/** The company's; nothing where the ledger that knows it is what failed. */
async function nameOf(deps: WebDeps): Promise<string> {
  return deps.company().catch(() => '');
}

export function readForms(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async (_request: unknown, body: string) => new URLSearchParams(body),
  );
}

/** What a form said; empty where none was sent. */
export function formOf(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
}

/** For a token that is not ours, or not whole: nothing is known of the reader but what their browser says. */
export async function sendBroken(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const words = wordsFor(request.headers['accept-language']);
  return allowPage(reply)
    .code(404)
    .send(failedPage(words, await nameOf(deps), 404));
}
