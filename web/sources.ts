// POST /v1/sources/<name>: another program's webhook, made into events by sources/<name>.yaml and taken like any other. No
// API key: the source's own signature proves it, before the body is looked at. What is refused is answered with its reason, and
// logged without a word of the body, because nobody looks at what a CRM is told.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EventResult } from '../db/event-input.ts';
import { type Reading, readSourceEvents } from '../engine/source-events.ts';
import type { Source } from '../engine/source-map.ts';
import { closest } from '../engine/spelling.ts';
import type { Json } from '../engine/step.ts';
import type { WebDeps } from './deps.ts';
import { problem, tooMany } from './errors.ts';
import { takeEvents } from './event-batch.ts';
import { findFlaw, parseJson } from './json.ts';
import type { Buckets } from './rate.ts';
import { findProofFlaw } from './source-proof.ts';

type Call = FastifyRequest<{ Params: { name: string }; Body: Buffer }>;

export function addSources(scope: FastifyInstance, deps: WebDeps, buckets: Buckets): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request: unknown, body: Buffer, done) =>
    done(null, body),
  );
  scope.post('/sources/:name', async (request: Call, reply) => {
    const { name } = request.params;
    const { sources, facts } = await deps.catalogue();
    const source = findSource(sources, name);
    await prove(deps, source, request);
    // After the proof: a stranger who knows the name must not use up what the CRM may send.
    const waitMs = buckets.take(`source ${name}`);
    if (waitMs > 0) throw tooMany(waitMs);
    const readings = readSourceEvents(name, source, bodyOf(request, deps), facts);
    if (readings.length > deps.limits.batch)
      throw problem(
        413,
        `A webhook holds at most ${deps.limits.batch} events; this one has ${readings.length}.`,
      );
    const { status, results } = await takeReadings(deps, readings);
    const refused = results.filter((one) => one.status === 'refused');
    for (const { path, reason } of refused.slice(0, 1))
      deps.log.warn(
        { source: name, refused: refused.length, path, reason },
        'a webhook brought what cannot be taken',
      );
    return reply.code(status).send({ results });
  });
}

function findSource(sources: { readonly [name: string]: Source }, name: string): Source {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source !== undefined) return source;
  const near = closest(name, Object.keys(sources));
  throw problem(404, `No source of this name is applied.${near === null ? '' : ` Did you mean ${near}?`}`);
}

async function prove(
  deps: WebDeps,
  { signature }: Source,
  { params, headers, body, log }: Call,
): Promise<void> {
  const secret = deps.sourceSecrets.get(params.name);
  if (secret === undefined) {
    log.warn({ source: params.name }, 'a webhook came, and SOURCE_SECRETS has no secret of its source');
    throw problem(401, 'This source has no secret here yet: set it in SOURCE_SECRETS.');
  }
  const flaw = findProofFlaw(signature, secret, headers, body ?? Buffer.alloc(0), await deps.clock.now());
  if (flaw !== null) throw problem(401, flaw);
}

/** JSON, or a form, whose names are taken as they stand. */
function bodyOf({ body, headers }: Call, { limits }: WebDeps): Json {
  const text = (body ?? '').toString('utf8');
  const isForm = String(headers['content-type']).startsWith('application/x-www-form-urlencoded');
  const parsed = isForm ? { value: Object.fromEntries(new URLSearchParams(text)) } : parseJson(text);
  if ('wrong' in parsed) throw problem(400, parsed.wrong);
  const flaw = findFlaw(parsed.value, { depth: 32, keys: 20_000, text: limits.bodyBytes });
  if (flaw !== null) throw problem(400, flaw.reason, { path: flaw.path });
  return parsed.value as Json;
}

/** Those that could be read are taken; the others keep their place. */
async function takeReadings(deps: WebDeps, readings: readonly Reading[]) {
  const taken = await takeEvents(
    deps,
    readings.flatMap((one) => ('event' in one ? [one.event] : [])),
  );
  const next = taken.results.values();
  const results = readings.map((one): EventResult => {
    if ('reason' in one) return { id: '', status: 'refused', path: one.path, reason: one.reason };
    return next.next().value as EventResult;
  });
  const isAllRefused = results.length > 0 && results.every(({ status }) => status === 'refused');
  return { status: isAllRefused ? 422 : 202, results };
}
