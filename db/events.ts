// The way in: a batch of events becomes contacts, deals, histories, events and due contacts, in one transaction.
// Promises: an event id counts once, also within a batch and across processes; three statements for any batch; rows
// are taken in order of id. Breaks if a contact is changed elsewhere without its agenda row: `takeIn` decides on rows
// it has read, and only that lock keeps them from changing meanwhile.
import { sql } from 'kysely';
import { dueNow, releaseHeld } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { checkInput, type EventInput, type EventResult, type Refusal } from './event-input.ts';
import { holdContacts, nameContacts, readHeld } from './events-held.ts';
import { writeIntake } from './events-write.ts';
import { type Declared, takeIn } from './intake.ts';

export interface RecordOptions extends Declared {
  readonly now: number;
  /** The keyed hash that suppressions are kept under. */
  hash(address: string): Buffer;
  /** What has long happened: kept like everything else, but nobody enters a workflow or moves by it. */
  readonly isHistory?: boolean;
}

/** One result an input, in the same order. */
export async function record(
  db: Db,
  inputs: readonly EventInput[],
  options: RecordOptions,
): Promise<EventResult[]> {
  const refusals = new Map<EventInput, Refusal>();
  const fresh = new Map<string, EventInput>();
  for (const input of inputs) {
    const refusal = checkInput(input, options);
    if (refusal) refusals.set(input, refusal);
    else if (!fresh.has(input.id)) fresh.set(input.id, input);
  }
  const candidates = [...fresh.values()];
  const seen =
    candidates.length === 0
      ? new Set<string>()
      : await transact(db, (tx, attempt) => recordChecked(tx, candidates, options, refusals, attempt > 1));
  return inputs.map((input) => {
    const refusal = refusals.get(input);
    if (refusal) return { id: input.id, status: 'refused', ...refusal };
    const isFirst = fresh.get(input.id) === input;
    return { id: input.id, status: isFirst && !seen.has(input.id) ? 'accepted' : 'duplicate' };
  });
}

/**
 * Answers the ids that the ledger had met before; adds to the refusals. New contacts are first taken to be nobody
 * else's affair; where two batches bring the same one (`isCautious`), they are named before they are held.
 */
async function recordChecked(
  tx: Tx,
  candidates: readonly EventInput[],
  { now, hash, isHistory = false, ...declared }: RecordOptions,
  refusals: Map<EventInput, Refusal>,
  isCautious: boolean,
): Promise<Set<string>> {
  if (isCautious) await nameContacts(tx, candidates, now);
  const named = await holdContacts(tx, candidates, now, isHistory);
  const { seen, ...held } = await readHeld(tx, candidates, named);
  const fresh = candidates.filter((one) => !seen.has(one.id));
  const intake = takeIn(fresh, held, declared);
  for (const input of fresh) {
    const refusal = intake.refusals.get(input.id);
    if (refusal) refusals.set(input, refusal);
  }
  // Such a deal may have gone over once already while this batch waited; then its contact is not held yet.
  const own = new Set([...held.contacts.values()].map(({ id }) => id));
  const left = intake.events.filter(({ contactId }) => !own.has(contactId)).map(({ contactId }) => contactId);
  if (left.length > 0 && !isHistory) await dueNow(tx, [...new Set(left)], now);
  if (intake.events.length > 0) await writeIntake(tx, intake, { now, hash, isHistory });
  if (isHistory) await releaseHeld(tx);
  return seen;
}

/** What the ledger itself has to say, in a transaction that holds its contacts; its ids may be the ledger's own. */
export async function recordOwn(
  tx: Tx,
  inputs: readonly EventInput[],
  options: RecordOptions,
): Promise<void> {
  const refusals = new Map<EventInput, Refusal>();
  await recordChecked(tx, inputs, options, refusals, false);
  for (const [{ id }, { path, reason }] of refusals) throw new Error(`event ${id}: ${path} ${reason}`);
}

/** Which of these ids the ledger has met. Read without a lock: for who can bear an answer that is a moment old. */
export async function findMet(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select source_id as id from events where source_id = any(${ids}::text[])`.execute(db);
  return new Set(rows.map((row) => row.id));
}
