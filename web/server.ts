// The web, assembled: routes, limits, headers, answers to errors. It listens where its caller says; `close()` lets
// requests under way finish and refuses new ones. Addresses, tokens and customer ids stand in URLs' parameters, so
// the log names routes, never URLs.
import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { fastify, LogController } from 'fastify';
import { createGuard } from './auth.ts';
import { addContacts } from './contacts.ts';
import { addDeals } from './deals.ts';
import type { WebDeps } from './deps.ts';
import { answerErrors, problem, sendJson } from './errors.ts';
import { addEvents } from './events.ts';
import { addSecurity, allowPage } from './headers.ts';
import { addHealth } from './health.ts';
import { parseJson } from './json.ts';
import { lostPage } from './pages/lost.ts';
import { addPages } from './pages.ts';
import { addProviders } from './providers.ts';
import { createBuckets } from './rate.ts';
import { addSources } from './sources.ts';
import { addTaskMaking } from './task-make.ts';
import { addTasks } from './tasks.ts';
import { answerFramework, answerWire } from './wire-errors.ts';

export function buildServer(deps: WebDeps): FastifyInstance {
  const logger: FastifyBaseLogger = deps.log;
  const server = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    bodyLimit: deps.limits.bodyBytes,
    // A client that sends one byte a minute holds a socket, not a worker; half a minute is enough for 1 MB.
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: 700, ignoreTrailingSlash: true },
    genReqId: (request) => knownId(request.headers['x-request-id']) ?? randomUUID(),
    frameworkErrors: answerFramework,
    clientErrorHandler: answerWire,
  });
  addSecurity(server, deps);
  answerErrors(server, sendJson);
  server.addHook('onRequest', async (request) => {
    if (!isPrintable(request.params)) throw problem(404, 'There is nothing at this address.');
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? '(none)'}`;
    request.log.debug({ route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  endConnectionsOnClose(server);
  server.setNotFoundHandler((request, reply) => {
    if (!String(request.headers.accept).includes('text/html'))
      throw problem(404, 'There is nothing at this address.');
    const answer = { status: 404, message: 'There is no page at this address.', headers: {} };
    return allowPage(reply)
      .code(404)
      .send(lostPage(answer, deps.catcher !== null));
  });
  addHealth(server, deps);
  server.register(async (scope) => addApi(scope, deps), { prefix: '/v1' });
  server.register(async (scope) => addPages(scope, deps));
  return server;
}

function addApi(scope: FastifyInstance, deps: WebDeps): void {
  const guard = createGuard(deps, createBuckets(deps.limits.rate, deps.ticks));
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      if (body.trim() === '') throw problem(400, 'The body is empty. Send JSON.');
      const parsed = parseJson(body);
      if ('wrong' in parsed) throw problem(400, parsed.wrong);
      return parsed.value;
    },
  );
  scope.setNotFoundHandler(() => {
    throw problem(
      404,
      'There is no such thing here. The API has POST /v1/events, GET and DELETE /v1/contacts/:id, GET /v1/deals/:id and /v1/tasks.',
    );
  });
  addEvents(scope, deps, guard);
  addContacts(scope, deps, guard);
  addDeals(scope, deps, guard);
  scope.register(async (inner) => addSources(inner, deps, createBuckets(deps.limits.rate, deps.ticks)));
  scope.register(async (inner) => addProviders(inner, deps));
  addTasks(scope, deps, guard);
  addTaskMaking(scope, deps, guard);
}

/** A browser would hold a finished connection open for a minute, and the closing with it. */
function endConnectionsOnClose(server: FastifyInstance): void {
  let isClosing = false;
  server.addHook('preClose', async () => {
    isClosing = true;
  });
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
}

/** Control characters in an address name nothing, and Postgres refuses some of them. */
function isPrintable(params: unknown): boolean {
  return Object.values(params ?? {}).every((value) => !/\p{Cc}/u.test(String(value)));
}

/** A proxy's request id is kept, so that its log and ours can be read side by side. */
function knownId(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && /^[A-Za-z0-9_-]{8,64}$/.test(header) ? header : null;
}
