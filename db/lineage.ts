// What the ledger knows of the versions of its workflows, beside the plans themselves: since when each is known, which
// keep their people for good, every rename there ever was, and every verb that an id ever had. Plans are never deleted,
// so nothing is forgotten. Small: a row a version, read when something is applied.
import { sql } from 'kysely';
import type { Lineage } from '../engine/migrate.ts';
import type { PastStep } from '../engine/plan-refusals.ts';
import type { Db, Tx } from './connect.ts';

export async function readLineage(db: Db | Tx): Promise<Lineage> {
  const { rows } = await sql<Lineage>`
    select
      (select coalesce(json_object_agg(hash, ms(made_at)), '{}') from plans) as "madeAt",
      (select coalesce(json_agg(hash order by hash), '[]') from plans where is_pinned) as pinned,
      (select coalesce(json_object_agg(workflow, pairs), '{}') from (
        select workflow, json_agg(json_build_array(key, value)) as pairs
        from plans, json_each_text(body -> 'renamed') group by workflow
      ) as of_workflow) as renames`.execute(db);
  return rows[0] ?? { madeAt: {}, pinned: [], renames: {} };
}

export async function readPastSteps(db: Db | Tx): Promise<readonly PastStep[]> {
  const { rows } = await sql<PastStep>`
    select distinct workflow, node.key as id, node.value ->> 'verb' as verb
    from plans, json_each(body -> 'nodes') as node order by 1, 2, 3`.execute(db);
  return rows;
}
