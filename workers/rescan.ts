// Counts scores anew in the background after scores.yaml has changed: a batch of contacts in a transaction, in order of id,
// one worker at a time. Whom it takes across a level, now or in time, is due at once, and the engine tells the workflows. Until a
// contact's turn has come its log answers for it, so nobody waits for this to end.
import type { Logger } from 'pino';
import { dueNow } from '../db/agenda.ts';
import { type Clock, type Db, type Tx, transact } from '../db/connect.ts';
import { markDone, readRescan, takeNext } from '../db/rescans.ts';
import { readStates } from '../db/runs.ts';
import { readLogs, writeStale } from '../db/scores.ts';
import { rescore } from '../engine/score-rescan.ts';
import type { Definitions } from './definitions.ts';
import type { QueueName } from './queues.ts';
import { type Rounds, startRounds } from './rounds.ts';

export interface RescanDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly log: Logger;
  readonly everyMs: number;
  /** Contacts in a transaction. */
  readonly batch: number;
  ring(name: QueueName): Promise<void>;
  isStopping(): boolean;
}

/** Answers how many contacts were counted; null: there is nothing to do. */
async function rescanBatch(deps: RescanDeps): Promise<number | null> {
  const { db, clock, definitions, batch } = deps;
  const now = await clock.now();
  const done = await transact(db, async (tx) => {
    const ids = await takeNext(tx, batch);
    if (ids === null) return null;
    const due = await rescanContacts(tx, definitions, ids, now);
    await markDone(tx, ids, now);
    return { counted: ids.length, due };
  });
  if (done !== null && done.due > 0) await deps.ring('advance');
  return done?.counted ?? null;
}

async function rescanContacts(
  tx: Tx,
  definitions: Definitions,
  ids: readonly string[],
  now: number,
): Promise<number> {
  const { scoring } = await definitions.program(tx, []);
  if (scoring === null || ids.length === 0) return 0;
  const states = await readStates(tx, ids);
  const logs = await readLogs(tx, ids);
  const rescored = states.flatMap((state) => {
    const one = rescore(scoring, { ...state, log: logs.get(state.contactId) ?? [] }, now);
    return one === null ? [] : [{ contactId: state.contactId, ...one }];
  });
  const due = rescored.filter((one) => one.isToBeLookedAt).map(({ contactId }) => contactId);
  // The agenda before the scores, as every other writer does.
  if (due.length > 0) await dueNow(tx, due, now);
  await writeStale(
    tx,
    rescored.map(({ contactId, kept }) => ({ contactId, ...kept })),
  );
  return due.length;
}

/** Until nothing is left, or the process stops. `onProgress` is told after each batch. */
export async function rescanAll(
  deps: RescanDeps,
  onProgress: (done: number, contacts: number) => void = () => undefined,
): Promise<void> {
  while (!deps.isStopping()) {
    const counted = await rescanBatch(deps);
    if (counted === null) return;
    const progress = await readRescan(deps.db);
    if (progress) onProgress(progress.done, progress.contacts);
    if (counted === 0) deps.log.info({ contacts: progress?.done }, 'all scores are counted anew');
  }
}

/** Looks every so often whether there is something to count. */
export function startRescan(deps: RescanDeps): Rounds {
  return startRounds({ ...deps, what: 'counting scores anew', remedy: 'it is tried again' }, () =>
    rescanAll(deps),
  );
}
