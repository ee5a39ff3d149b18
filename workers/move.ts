// Carries out what an edit means for those under way: batch after batch, each in one transaction that holds its
// contacts, so that no worker touches them meanwhile. Nothing is remembered between batches but what the ledger says:
// after a kill it goes on where it was, here or in the workers, who move whomever they meet first. Where another apply has
// come meanwhile, it moves to what that one applied: two that moved people to and fro would never end. Whom the ledger
// refuses is parked alone, as the workers do it.
import { dueNow, holdApplied, park, unpark } from '../db/agenda.ts';
import { type Db, type Tx, transact } from '../db/connect.ts';
import { apply, readStates } from '../db/runs.ts';
import { countOn, listOn } from '../db/under-way.ts';
import { moveRuns } from '../engine/moves.ts';
import type { Step } from '../engine/step.ts';
import { reactAll } from './advance.ts';
import { type Definitions, watchDefinitions } from './definitions.ts';
import { type Hold, takeOrSingly, type Ways } from './singly.ts';

export interface MoveDeps {
  readonly db: Db;
  readonly steps: readonly Step[];
  /** Contacts in one transaction. */
  readonly batch?: number;
  /** After each batch: how many runs have been moved, of how many. */
  onProgress?(moved: number, all: number): void;
  /** Asked between batches; what is left is then moved by the workers. */
  isStopping?(): boolean;
}

/** Answers how many runs were moved by this call. */
export async function moveAll(deps: MoveDeps, now: () => Promise<number>): Promise<number> {
  const definitions = watchDefinitions(deps.steps);
  const program = await definitions.program(deps.db, []);
  const plans = [...program.passages.keys()];
  const all = plans.length === 0 ? 0 : await countOn(deps.db, plans);
  const ground = { ...deps, definitions, stuck: [] };
  let moved = 0;
  while (all > 0 && deps.isStopping?.() !== true) {
    const done = await takeOrSingly(deps.batch ?? 500, waysOf(ground, await now()));
    if (done.taken === 0) break;
    moved += done.moved;
    deps.onProgress?.(moved, Math.max(all, moved));
  }
  return moved;
}

interface Ground {
  readonly db: Db;
  readonly definitions: Definitions;
  /** Contacts whom the engine or the ledger failed on, or who are gone: parked, with the reason, and not met again. */
  readonly stuck: string[];
}

interface Batch {
  /** Contacts. */
  readonly taken: number;
  /** Runs. */
  readonly moved: number;
}

function waysOf({ db, definitions, stuck }: Ground, at: number): Ways<Batch> {
  return {
    take: async (limit, hold) => {
      const done = await transact(db, (tx) => moveBatch(tx, definitions, { stuck, at, limit, hold }));
      stuck.push(...done.stuck);
      return done;
    },
    park: async (parkings) => {
      await transact(db, (tx) => park(tx, parkings, at));
      stuck.push(...parkings.map(({ contactId }) => contactId));
      return { taken: parkings.length, moved: 0 };
    },
    add: (a, b) => ({ taken: a.taken + b.taken, moved: a.moved + b.moved }),
  };
}

interface Limits {
  readonly stuck: readonly string[];
  readonly at: number;
  readonly limit: number;
  readonly hold: Hold;
}

async function moveBatch(
  tx: Tx,
  definitions: Definitions,
  { stuck, at, limit, hold }: Limits,
): Promise<Batch & { readonly stuck: readonly string[] }> {
  await holdApplied(tx);
  const program = await definitions.program(tx, []);
  const contactIds = await listOn(tx, [...program.passages.keys()], { except: stuck, limit });
  hold(contactIds);
  if (contactIds.length === 0) return { taken: 0, moved: 0, stuck: [] };
  await dueNow(tx, contactIds, at);
  const { reactions, parkings } = reactAll(program, await readStates(tx, contactIds), at, moveRuns);
  const { transitions } = await apply(tx, reactions, at);
  const done = new Set(reactions.map(({ contactId }) => contactId));
  await unpark(tx, [...done]);
  if (parkings.length > 0) await park(tx, parkings, at);
  return { taken: contactIds.length, moved: transitions, stuck: contactIds.filter((id) => !done.has(id)) };
}
