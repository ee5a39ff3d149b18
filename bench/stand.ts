// What every part of the bench stands on: one ledger with the bench's definitions, one queue engine, one API key.
import { createKey } from '../db/keys.ts';
import type { Ground } from '../test/trials/ground.ts';
import { useBenchDefinitions } from './definitions.ts';

export interface Stand extends Ground {
  readonly key: string;
  readonly connections: number;
}

export async function openStand(ground: Ground, connections: number): Promise<Stand> {
  await useBenchDefinitions(ground.db);
  const key = await createKey(ground.db, { name: 'bench', scope: 'ingest', now: Date.now() });
  return { ...ground, key, connections };
}
