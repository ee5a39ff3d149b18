// The ledger's two halves of a batch: what react is told of the claimed contacts, and what it answered.
// Promises: one statement to read and one to write, whatever the batch, and four more where steps changed facts or raised
// events, or scores moved.
// Breaks if the contacts are not held (agenda.claim): two workers would then both move the same run.
import type { ContactState, Reaction } from '../engine/reaction.ts';
import type { Happening, Run } from '../engine/step.ts';
import type { Db, Tx } from './connect.ts';
import { writeContactPatches, writeDealPatches } from './runs-patches.ts';
import { writeRaised } from './runs-raised.ts';
import { readRows, type StateRows } from './runs-read.ts';
import { flatten } from './runs-rows.ts';
import { writeRows } from './runs-write.ts';
import { writeScores } from './scores.ts';

/** In the order of the ids; a contact that the ledger no longer has is left out. */
export async function readStates(db: Db | Tx, contactIds: readonly string[]): Promise<ContactState[]> {
  const rows = await readRows(db, contactIds);
  const contacts = new Map(rows.contacts.map((row) => [row.id, row]));
  const deals = groupBy(rows.deals, (row) => row.contactId);
  const runs = groupBy(rows.runs, (row) => row.contactId);
  const entries = groupBy(rows.entries, (row) => row.contactId);
  const events = groupBy(rows.events, (row) => row.contactId);
  const byId = new Map(rows.deals.map((row) => [row.id, row]));
  return contactIds.flatMap((contactId) => {
    const contact = contacts.get(contactId);
    if (!contact) return [];
    const open = runs.get(contactId) ?? [];
    // A deal may have gone over to another contact while this one is under way in its name.
    const followed = open.flatMap((run) => byId.get(run.dealId ?? '') ?? []);
    return {
      contactId,
      contact: contact.facts,
      dueAt: contact.dueAt,
      score: contact.score,
      deals: Object.fromEntries(
        [...(deals.get(contactId) ?? []), ...followed].map((row) => [row.id, row.facts]),
      ),
      runs: open.map(toRun),
      entries: entries.get(contactId) ?? [],
      events: (events.get(contactId) ?? []).map(toHappening),
    };
  });
}

/** Call it in the transaction that claimed the contacts. */
export async function apply(
  tx: Tx,
  reactions: readonly Reaction[],
  now: number,
): Promise<{ readonly deliveries: number; readonly transitions: number }> {
  const rows = flatten(reactions);
  const { deliveries, ids } = await writeRows(tx, rows, now);
  await writeContactPatches(tx, rows.contactPatches, now);
  await writeDealPatches(tx, rows.dealPatches, now);
  const raised = rows.raised.map((one) => ({ ...one, runId: ids?.[one.ref] ?? '' }));
  await writeRaised(tx, raised, now);
  await writeScores(tx, rows.scores);
  return { deliveries, transitions: reactions.reduce((sum, one) => sum + one.transitions.length, 0) };
}

const toRun = (row: StateRows['runs'][number]): Run => ({
  ...row,
  endedAt: null,
  outcome: null,
  goal: false,
});
const toHappening = ({ id, type, at, dealId, data }: StateRows['events'][number]): Happening => ({
  id,
  type,
  at,
  dealId,
  data,
});

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
