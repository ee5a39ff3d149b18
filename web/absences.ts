// Why a contact is not in a workflow, from what the ledger knows of it and the program that is applied.
import type { Db } from '../db/connect.ts';
import { readStates } from '../db/runs.ts';
import { readHappenings } from '../db/why.ts';
import type { Program } from '../engine/plan.ts';
import { type Absence, explainAbsences } from '../engine/why-not.ts';

/** `program` holds the plans with the hashes it is asked for. Empty where the contact is gone meanwhile. */
export async function readAbsences(
  db: Db,
  program: (pinned: Iterable<string>) => Promise<Program>,
  contactId: string,
  now: number,
): Promise<readonly Absence[]> {
  const [[state], events] = await Promise.all([readStates(db, [contactId]), readHappenings(db, contactId)]);
  if (state === undefined) return [];
  return explainAbsences(await program(state.runs.map((run) => run.plan)), state, events, now);
}
