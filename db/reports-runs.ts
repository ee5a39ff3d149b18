// What came of each workflow's runs, treated and held out apart. One pass. Runs are counted as such; for the lift those
// whom the draw is about: a deal or a contact that entered again is one, by its first run of the period.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface WorkflowCount {
  readonly workflow: string;
  readonly entered: number;
  readonly reached: number;
  readonly underWay: number;
  readonly treated: Subjects;
  readonly heldOut: Subjects;
}
export interface Subjects {
  readonly people: number;
  readonly reached: number;
}
export interface RunsPeriod {
  /** Runs that began in [from, until). */
  readonly from: number;
  readonly until: number;
  /** Nothing after it has happened. */
  readonly at: number;
  /** The node on which those held out wait. */
  readonly gate: string;
}

/**
 * Those held out are watched for thirty days at least, a run that has had everything is over: their goals count as long as
 * the longest run of the others lasted, so that neither side is given more time than the other.
 */
export async function countWorkflows(
  db: Db,
  { from, until, at, gate }: RunsPeriod,
): Promise<WorkflowCount[]> {
  const subjects = (is: string) => {
    const where = sql.raw(`is_first and ${is}`);
    return sql`json_build_object('people', count(*) filter (where ${where}),
      'reached', count(*) filter (where ${where} and goal))`;
  };
  const { rows } = await sql<WorkflowCount>`
    with counted as (
      select workflow, goal and ended_at <= instant(${at}) as goal,
        ended_at is null or ended_at > instant(${at}) as is_open,
        least(coalesce(ended_at, instant(${at})), instant(${at})) - entered_at as took,
        coalesce(memory -> 'visits' ? ${gate}::text, false) or node is not distinct from ${gate} as is_held,
        row_number() over (partition by workflow, contact_id, deal_id order by entered_at, id) = 1 as is_first
      from runs
      where entered_at >= instant(${from}) and entered_at < instant(${until})
    ),
    compared as (
      select workflow, is_open, is_held, is_first, goal and
        (not is_held or took <= max(took) filter (where not is_held) over (partition by workflow)) as goal
      from counted
    )
    select workflow, count(*) filter (where not is_held)::int as entered,
      count(*) filter (where not is_held and goal)::int as reached,
      count(*) filter (where not is_held and is_open)::int as "underWay",
      ${subjects('not is_held')} as treated, ${subjects('is_held')} as "heldOut"
    from compared group by workflow order by workflow`.execute(db);
  return rows;
}

export interface OutcomeCount {
  readonly workflow: string;
  readonly outcome: string;
  readonly runs: number;
}

/** How ended runs ended; the most frequent first. */
export async function countOutcomes(db: Db): Promise<OutcomeCount[]> {
  const { rows } = await sql<OutcomeCount>`
    select workflow, outcome, count(*)::int as runs from runs
    where outcome is not null group by workflow, outcome order by workflow, runs desc, outcome`.execute(db);
  return rows;
}

/** Steps that something was done outside for: mails sent, tasks made, surveys asked. */
export async function listPerformed(db: Db): Promise<{ readonly workflow: string; readonly node: string }[]> {
  const { rows } = await sql<{ workflow: string; node: string }>`
    select distinct workflow, node from deliveries where state = 'sent' order by workflow, node`.execute(db);
  return rows;
}
