// What came of each workflow's runs, treated and held out apart, and of its mails, counted by people. One pass each.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface WorkflowCount {
  readonly workflow: string;
  readonly entered: number;
  readonly reached: number;
  readonly underWay: number;
  readonly heldOut: number;
  readonly heldOutReached: number;
  /** People, not mails: who was mailed, and who of them clicked as a person does. */
  readonly mailed: number;
  readonly clicked: number;
}

/** Runs that began in [from, until); `gate` is the node on which those held out wait. */
export async function countWorkflows(
  db: Db,
  { from, until, gate }: { readonly from: number; readonly until: number; readonly gate: string },
): Promise<WorkflowCount[]> {
  const { rows } = await sql<WorkflowCount>`
    with counted as (
      select id, contact_id, workflow, goal, ended_at,
        coalesce(memory -> 'visits' ? ${gate}::text, false) or node is not distinct from ${gate} as is_held
      from runs
      where entered_at >= instant(${from}) and entered_at < instant(${until})
    ),
    clicks as (select distinct delivery_id from hits where kind = 'click' and class = 'human'),
    mails as (
      select counted.workflow, count(distinct counted.contact_id)::int as mailed,
        count(distinct counted.contact_id) filter (where clicks.delivery_id is not null)::int as clicked
      from counted join deliveries on deliveries.run_id = counted.id
        left join clicks on clicks.delivery_id = deliveries.id
      where deliveries.verb = 'send' and deliveries.state = 'sent' and deliveries.to_contact
      group by counted.workflow
    )
    select counted.workflow, count(*) filter (where not is_held)::int as entered,
      count(*) filter (where not is_held and goal)::int as reached,
      count(*) filter (where not is_held and ended_at is null)::int as "underWay",
      count(*) filter (where is_held)::int as "heldOut",
      count(*) filter (where is_held and goal)::int as "heldOutReached",
      coalesce(max(mailed), 0) as mailed, coalesce(max(clicked), 0) as clicked
    from counted left join mails using (workflow)
    group by counted.workflow order by counted.workflow`.execute(db);
  return rows;
}
