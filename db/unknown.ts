// What a person found out about deliveries of which nobody could say whether they left: they count as sent, or they go
// back to the queue. Anything that is not unknown, any more or at all, stays as it is.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface Finding {
  readonly ids: readonly string[];
  readonly isSent: boolean;
  /** How it is known; kept in the row. */
  readonly because: string | null;
  readonly now: number;
}

/** What is sent late all the same has this long to leave. */
const dayMs = 86_400_000;

/** Answers the ids that were settled. */
export async function settleUnknown(db: Db, { ids, isSent, because, now }: Finding): Promise<string[]> {
  const why = `settled by hand: ${isSent ? 'sent' : 'not sent'}${because === null ? '' : `, ${because}`}`;
  const { rows } = await sql<{ id: string }>`
    with known as materialized (
      select id from deliveries where id = any(${ids}::bigint[]) and state = 'unknown' order by id for update
    )
    update deliveries set state = ${isSent ? 'sent' : 'queued'}, unknown_at = null, why = ${why},
      settled_at = case when ${isSent} then settled_at end,
      due_at = case when ${isSent} then due_at else instant(${now}) end,
      expires_at = case when ${isSent} then expires_at else greatest(expires_at, instant(${now + dayMs})) end
    from known where deliveries.id = known.id
    returning deliveries.id`.execute(db);
  return rows.map((row) => row.id).sort((a, b) => Number(BigInt(a) - BigInt(b)));
}
