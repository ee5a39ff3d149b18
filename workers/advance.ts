// Stops 4 to 8 of the path: claim due contacts, tell the engine what is known of them, write down what it answers, all in
// one transaction; then ring for the mails that were queued. A contact that makes the engine or the ledger fail is
// parked with its reason and costs the others nothing. What would break it: anything done between claim and commit
// that is not in the ledger.
import type { Logger } from 'pino';
import { claim, forget, type Parking, park } from '../db/agenda.ts';
import { deathsAllowed, forgetBatch, judgeBatches, noteBatch } from '../db/batches.ts';
import { type Clock, type Db, type Tx, transact } from '../db/connect.ts';
import { apply, readStates } from '../db/runs.ts';
import { readLogs } from '../db/scores.ts';
import type { Program } from '../engine/plan.ts';
import { react } from '../engine/react.ts';
import type { ContactState, Reaction } from '../engine/reaction.ts';
import { needsLog } from '../engine/score-running.ts';
import type { Definitions } from './definitions.ts';
import type { QueueName } from './queues.ts';
import { type Hold, reasonOf, takeOrSingly } from './singly.ts';

export interface AdvanceDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly log: Logger;
  /** Contacts at a time. */
  readonly batch: number;
  ring(name: QueueName): Promise<void>;
  /** Asked between batches. */
  isStopping(): boolean;
}

export interface Advanced {
  readonly claimed: number;
  readonly transitions: number;
  readonly deliveries: number;
  readonly parked: number;
}

/** Until a claim comes back empty. */
export async function drainAdvance(deps: AdvanceDeps): Promise<Advanced> {
  let sum: Advanced = { claimed: 0, transitions: 0, deliveries: 0, parked: 0 };
  while (!deps.isStopping()) {
    const one = await advanceBatch(deps);
    if (one.claimed === 0) break;
    sum = add(sum, one);
  }
  return sum;
}

export async function advanceBatch(deps: AdvanceDeps): Promise<Advanced> {
  const advanced = await takeOrSingly(deps.batch, {
    take: (limit, hold) => advanceDue(deps, limit, hold),
    park: (parkings) => parkRefused(deps, parkings),
    add,
  });
  if (advanced.deliveries > 0) await deps.ring('deliver');
  return advanced;
}

async function advanceDue(deps: AdvanceDeps, limit: number, hold: Hold): Promise<Advanced> {
  const { db, clock, ring } = deps;
  const now = await clock.now();
  return await transact(db, async (tx) => {
    const { contactIds, xid } = await claim(tx, now, limit);
    if (xid === null) return nothing;
    hold(contactIds);
    // There is more than one batch: an idle worker, here or elsewhere, can take the next at once.
    if (contactIds.length === limit && limit > 1) void ring('advance');
    await noteBatch(db, xid, contactIds);
    try {
      return await advanceClaimed(deps, tx, contactIds, now);
    } catch (fault) {
      // Where the ledger is away, the note stays: everybody in it is asked for once more, in smaller batches.
      await Promise.allSettled([forgetBatch(db, xid)]);
      throw fault;
    }
  });
}

const nothing: Advanced = { claimed: 0, transitions: 0, deliveries: 0, parked: 0 };

async function advanceClaimed(
  deps: AdvanceDeps,
  tx: Tx,
  contactIds: readonly string[],
  now: number,
): Promise<Advanced> {
  const read = await readStates(tx, contactIds);
  const there = new Set(read.map((state) => state.contactId));
  const gone = contactIds.filter((id) => !there.has(id));
  if (gone.length > 0) await forget(tx, gone);
  const pinned = new Set(read.flatMap((state) => state.runs.map((run) => run.plan)));
  const program = await deps.definitions.program(tx, pinned);
  const states = await withLogs(tx, program, read);
  const { reactions, parkings } = reactAll(program, states, now);
  const applied = await apply(tx, reactions, now);
  await parkAll(deps, tx, parkings, now);
  return { ...applied, claimed: contactIds.length, parked: parkings.length };
}

/** The few whose score cannot be carried on are given all that ever happened to them; one statement for a batch. */
async function withLogs(
  tx: Tx,
  { scoring }: Program,
  states: readonly ContactState[],
): Promise<readonly ContactState[]> {
  if (scoring === null) return states;
  const lacking = states.filter((state) => needsLog(scoring, state));
  if (lacking.length === 0) return states;
  const logs = await readLogs(
    tx,
    lacking.map(({ contactId }) => contactId),
  );
  const wanted = new Set(lacking);
  return states.map((state) =>
    wanted.has(state) ? { ...state, log: logs.get(state.contactId) ?? [] } : state,
  );
}

/** Pure: no await between what was read and what is written. */
export function reactAll(
  program: Program,
  states: readonly ContactState[],
  now: number,
  decide = react,
): { reactions: Reaction[]; parkings: Parking[] } {
  const reactions: Reaction[] = [];
  const parkings: Parking[] = [];
  for (const state of states) {
    try {
      reactions.push(decide(program, state, now));
    } catch (error) {
      parkings.push({ contactId: state.contactId, why: reasonOf(error) });
    }
  }
  return { reactions, parkings };
}

async function parkRefused(deps: AdvanceDeps, parkings: readonly Parking[]): Promise<Advanced> {
  const now = await deps.clock.now();
  await transact(deps.db, (tx) => parkAll(deps, tx, parkings, now));
  return { ...nothing, claimed: parkings.length, parked: parkings.length };
}

/** Parks those with whom at hand worker after worker has died. For the sweep. */
export async function parkDeadly(deps: Pick<AdvanceDeps, 'db' | 'log'>, now: number): Promise<void> {
  await transact(deps.db, async (tx) => {
    const contactIds = await judgeBatches(tx);
    await parkAll(
      deps,
      tx,
      contactIds.map((contactId) => ({ contactId, why: deadly })),
      now,
    );
  });
}

const deadly = `${deathsAllowed} workers in a row died with this contact in hand, at last with it alone`;

async function parkAll(
  deps: Pick<AdvanceDeps, 'log'>,
  tx: Tx,
  parkings: readonly Parking[],
  now: number,
): Promise<void> {
  if (parkings.length === 0) return;
  await park(tx, parkings, now);
  deps.log.error({ contactIds: parkings.map((one) => one.contactId) }, 'contacts are parked: see parked_why');
}

function add(a: Advanced, b: Advanced): Advanced {
  return {
    claimed: a.claimed + b.claimed,
    transitions: a.transitions + b.transitions,
    deliveries: a.deliveries + b.deliveries,
    parked: a.parked + b.parked,
  };
}
