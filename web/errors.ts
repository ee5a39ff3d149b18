// What a caller is told when something is wrong: {error: {message, path?}}, in words that say what to do. A problem is
// thrown by whoever finds it and answered here, once. A fault is ours: it is logged once, with the request's id, and the
// caller gets that id and nothing else of it. A ledger out of reach is a 503, so that senders try again.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export interface Problem extends Error {
  readonly statusCode: number;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
}

export interface ProblemMore {
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
}

export function problem(statusCode: number, message: string, more: ProblemMore = {}): Problem {
  return Object.assign(new Error(message), { statusCode, ...more });
}

/** Who asks too much is told when to come back, in whole seconds (RFC 9110). */
export function tooMany(waitMs: number): Problem {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return problem(429, `Too much at once for this key. Try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

export interface Answer {
  readonly status: number;
  readonly message: string;
  readonly path?: string;
  readonly headers: { readonly [name: string]: string };
}

/** Fastify's own complaints, in our words. */
const words: { readonly [code: string]: string } = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 1 MB. Send fewer events in one request.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send JSON, with the header Content-Type: application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty. Send JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says',
};

/** Connection refused, reset, timed out; SQLSTATE classes 08 and 53, and a server that stops, starts or is read-only. */
const outOfReach =
  /^(ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08...|53...|57P0[123]|25006|40001|40P01)$/;

/** What to answer; null where it is a fault of ours, that is to be logged. */
function answerOf(error: FastifyError | Problem): Answer | null {
  const { statusCode: status = 500 } = error;
  if (status >= 500) return null;
  const code = 'code' in error ? error.code : '';
  const { path, headers = {} } = error as Problem;
  return { status, message: words[code] ?? error.message, headers, ...(path === undefined ? {} : { path }) };
}

function answerOfFault(error: Error, id: string): Answer {
  const code = 'code' in error ? String(error.code) : '';
  const isAway = outOfReach.test(code) || /Connection terminated|timeout exceeded/.test(error.message);
  return isAway
    ? {
        status: 503,
        message: 'The ledger cannot be reached at the moment. Nothing was taken. Try again in a few seconds.',
        headers: { 'retry-after': '2' },
      }
    : {
        status: 500,
        message: `Something failed on our side. It is in the log under request ${id}. Trying again is safe.`,
        headers: {},
      };
}

export type Show = (answer: Answer, request: FastifyRequest, reply: FastifyReply) => unknown;

export function sendJson(answer: Answer, _request: FastifyRequest, reply: FastifyReply): unknown {
  const { message, path } = answer;
  return reply.send({ error: { message, ...(path === undefined ? {} : { path }) } });
}

/** Every error of a scope becomes an answer, shown as JSON or as a page. */
export function answerErrors(scope: FastifyInstance, show: Show): void {
  scope.setErrorHandler<FastifyError | Problem>((error, request, reply) => {
    const known = answerOf(error);
    // A fault's message may quote the row it failed on: its kind and place are enough to find it.
    if (known === null) request.log.error({ fault: faultOf(error) }, 'a request failed');
    const answer = known ?? answerOfFault(error, request.id);
    return show(answer, request, reply.code(answer.status).headers(answer.headers));
  });
}

/** Postgres repeats values in `message` and `detail`, which may be personal; its code and the stack's places are not. */
function faultOf(error: Error): { [name: string]: unknown } {
  const code = 'code' in error ? error.code : undefined;
  const isSql = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  const constraint = 'constraint' in error ? error.constraint : undefined;
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, code, ...(isSql ? { constraint } : { message: error.message }), places };
}
