// What became of contacts, in the words of their runs' histories: the same lines that a simulation writes.
import { sql } from 'kysely';
import type { Line } from '../engine/reaction.ts';
import type { Db } from './connect.ts';

export interface HistoryLine extends Line {
  readonly contactId: string;
  readonly workflow: string;
  readonly runId: string;
  readonly dealId: string | null;
}

/** In order of time, and within an instant in the order in which they were written. */
export async function readHistory(db: Db, contactIds: readonly string[]): Promise<HistoryLine[]> {
  const { rows } = await sql<HistoryLine>`
    select contact_id as "contactId", workflow, run_id as "runId", deal_id as "dealId", at, what,
      run_history.node, why, event_id as "eventId"
    from runs join run_history on run_history.run_id = runs.id
    where contact_id = any(${contactIds}::bigint[])
    order by at, run_history.id`.execute(db);
  return rows;
}
