// Where the runs of one workflow stand and came by, in one pass over their history: for a person who asks, never for a
// worker. Runs whose details were pruned are not in it any more.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface StepCount {
  readonly node: string;
  /** Standing there now. */
  readonly here: number;
  /** Runs that ever came there. */
  readonly came: number;
}

export async function countByStep(db: Db, workflow: string): Promise<StepCount[]> {
  const { rows } = await sql<StepCount>`
    select h.node, count(distinct h.run_id)::int as came,
      count(distinct h.run_id) filter (where r.ended_at is null and r.node = h.node)::int as here
    from runs r join run_history h on h.run_id = r.id
    where r.workflow = ${workflow} and h.node is not null
    group by h.node order by h.node`.execute(db);
  return rows;
}
