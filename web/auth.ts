// Who may call the API: a key in `Authorization: Bearer`, with the scope that the route asks for. It is looked at
// before the body is read, so that a stranger cannot make us parse a megabyte. Each key has its own rate.
import type { FastifyRequest } from 'fastify';
import { checkKey, type Scope } from '../db/keys.ts';
import type { WebDeps } from './deps.ts';
import { problem, tooMany } from './errors.ts';
import type { Buckets } from './rate.ts';

export interface Guard {
  /** An onRequest hook that lets through who holds a key with this scope; `admin` holds them all. */
  readonly asks: (scope: Scope) => (request: FastifyRequest) => Promise<void>;
  /** Takes `amount` more from the rate of the key that this request came with. */
  readonly spend: (request: FastifyRequest, amount: number) => void;
}

export function createGuard(deps: WebDeps, buckets: Buckets): Guard {
  const keyIds = new WeakMap<FastifyRequest, string>();
  return {
    asks: (scope) => async (request) => {
      const key = await checkKey(deps.db, secretOf(request));
      if (key === null) throw unauthorized('This API key is not known, or it was revoked.');
      if (key.scope !== scope && key.scope !== 'admin')
        throw problem(
          403,
          `This key has the scope ${key.scope}; this needs ${scope}. Make one:  voronka key create --scope ${scope}`,
        );
      const waitMs = buckets.take(key.id);
      if (waitMs > 0) throw tooMany(waitMs);
      keyIds.set(request, key.id);
    },
    spend: (request, amount) => {
      const id = keyIds.get(request);
      const waitMs = id === undefined || amount <= 0 ? 0 : buckets.take(id, amount);
      if (waitMs > 0) throw tooMany(waitMs);
    },
  };
}

/** What a key may look like; anything else is not worth a question to the ledger, and may be one it cannot take. */
export const secretForm = /^[!-~]{1,200}$/;

function secretOf(request: FastifyRequest): string {
  const { authorization = '' } = request.headers;
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret !== undefined && secretForm.test(secret)) return secret;
  throw unauthorized(
    authorization === ''
      ? 'Send your API key in the header  Authorization: Bearer <key>  (make one:  voronka key create)'
      : 'The header Authorization is not of the form  Bearer <key>',
  );
}

function unauthorized(message: string): Error {
  return problem(401, message, { headers: { 'www-authenticate': 'Bearer realm="voronka"' } });
}
