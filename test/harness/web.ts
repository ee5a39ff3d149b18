// The web over a ledger of its own: rings are noted instead of rung, the clock stands still until it is set, and the
// inbox holds what a test puts in.
import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import type { Db } from '../../db/connect.ts';
import { buildServer } from '../../web/server.ts';
import { freshLedger } from './postgres.ts';
import { makeWebDeps, type WebSettings } from './web-deps.ts';

export { catalogue, linkKeys } from './web-deps.ts';

export interface OpenWeb {
  readonly server: FastifyInstance;
  readonly db: Db;
  readonly keys: { readonly ingest: string; readonly read: string; readonly admin: string };
  /** The names of the queues that were rung, in order. */
  readonly rings: string[];
  /** What was logged, as text. */
  readonly logged: string[];
  /** Set it to move business time. */
  readonly time: { now: number; ticks: number };
}

/** Call it at the top of a test file, awaited; it is closed when the file is done. */
export async function openWeb(settings: WebSettings = {}): Promise<OpenWeb> {
  const { db } = await freshLedger();
  const made = await makeWebDeps(db, settings);
  const server = buildServer(made.deps);
  afterAll(() => server.close());
  return { server, ...made };
}
