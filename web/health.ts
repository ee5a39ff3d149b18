// GET /healthz: this process answers. GET /readyz: it can do its work; where it cannot, it says what is missing.
// Both are open to all and say nothing that a stranger may not know.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { findGap } from '../db/migrate.ts';
import type { WebDeps } from './deps.ts';

const PATIENCE_MS = 2_000;

export function addHealth(server: FastifyInstance, deps: WebDeps): void {
  server.get('/healthz', async () => ({ status: 'ok' }));

  server.get('/readyz', async (request, reply) => {
    const checks: readonly (readonly [string, () => Promise<string | null>])[] = [
      // Also tells whether its tables are those of this program.
      ['ledger', () => findGap(deps.db)],
      ['queue', async () => deps.pingQueue().then(() => null)],
    ];
    const missing = await Promise.all(
      checks.map(async ([name, check]) => {
        const why = await within(check()).catch((error: unknown) => {
          request.log.warn({ name, err: error }, 'not ready');
          return `cannot be reached`;
        });
        return [name, why ?? 'ok'] as const;
      }),
    );
    const isReady = missing.every(([, why]) => why === 'ok');
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'not ready',
      ...Object.fromEntries(missing),
    });
  });
}

async function within(work: Promise<string | null>): Promise<string | null> {
  const timer = new AbortController();
  const late = wait(PATIENCE_MS, `did not answer within ${PATIENCE_MS / 1000} s`, { signal: timer.signal });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
