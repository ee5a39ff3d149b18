// The door of a workflow with a daily limit, inside the statement that writes a batch: each run that stands there gets
// the first day of the company's zone that has room. Nobody is dropped; who does not get today waits, and is told so.
// Promises: two workers never give the same place twice, because the row of the workflow in `doors` is counted on under
// its own lock, and is read there in its newest version.
import { sql } from 'kysely';

/** Needs `named_runs` before it; makes `places` (run_id, wake_at, day, per_day). */
export const placedAtDoors = (now: number) => sql`
  today as materialized (
    select zone, (instant(${now}) at time zone zone)::date as day
    from (select coalesce((select body #>> '{}' from declarations where name = 'zone'), 'UTC') as zone) as company
  ),
  coming as materialized (
    select run_id, workflow, max("perDay") over (partition by workflow) as per_day,
      row_number() over (partition by workflow order by ref)::int as nth,
      count(*) over (partition by workflow)::int as many
    from named_runs where "perDay" is not null
  ),
  wanted as materialized (
    select distinct workflow, per_day, many, today.day as today from coming, today
  ),
  counted as (
    insert into doors (workflow, day, taken)
    select workflow, today + (many - 1) / per_day, (many - 1) % per_day + 1 from wanted order by workflow
    on conflict (workflow) do update set (day, taken) = (
      select first_day + (so_far + many - 1) / per_day, (so_far + many - 1) % per_day + 1
      from wanted, lateral (select greatest(doors.day, today) as first_day,
        case when doors.day >= today then least(doors.taken, per_day) else 0 end as so_far) as filling
      where wanted.workflow = doors.workflow
    )
    returning workflow, day, taken
  ),
  given as (
    select run_id, per_day,
      counted.day + floor((taken - (many - nth) - 1)::numeric / per_day)::int as day
    from coming join counted using (workflow)
  ),
  places as materialized (
    select run_id, per_day, given.day, given.day > today.day as waits,
      case when given.day > today.day then given.day::timestamp at time zone zone else instant(${now}) end as wake_at
    from given, today
  )`;
