// The doors of workflows with a daily limit, for whoever edits or asks: how many have been let in today, and a door
// that is opened anew when its limit changes. Letting people in is written with the batch (runs-door.ts).
import { sql } from 'kysely';
import type { Plan } from '../engine/plan.ts';
import type { Db, Tx } from './connect.ts';

/** The company's zone, as a SQL subquery. */
const zone = sql`coalesce((select body #>> '{}' from declarations where name = 'zone'), 'UTC')`;

/** By workflow: how many of today's places are taken. A day that lies ahead is being filled: today is full. */
export async function readTakenToday(db: Db | Tx, now: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ workflow: string; taken: number }>`
    select doors.workflow, ${takenToday} as taken
    from doors join plans on plans.workflow = doors.workflow and is_current,
      (select (instant(${now}) at time zone ${zone})::date as today) as clock`.execute(db);
  return new Map(rows.map(({ workflow, taken }) => [workflow, taken]));
}

const takenToday = sql`case when day > today then coalesce((body -> 'enter' ->> 'perDay')::int, taken)
  when day = today then taken else 0 end`;

/**
 * Where another limit is about to be applied to those who wait, the days ahead are given anew, from today on. Call it
 * before the plans are written.
 */
export async function reopenDoors(tx: Tx, plans: readonly Plan[], now: number): Promise<void> {
  const coming = plans
    .filter(({ inFlight }) => inFlight === 'migrate' || inFlight === 'restart')
    .map(({ workflow, enter }) => ({ workflow, perDay: enter.perDay }));
  await sql`
    update doors set taken = ${takenToday}, day = today
    from json_to_recordset(${JSON.stringify(coming)}::json) as said(workflow text, "perDay" int), plans,
      (select (instant(${now}) at time zone ${zone})::date as today) as clock
    where doors.workflow = said.workflow and plans.workflow = said.workflow and plans.is_current and day >= today
      and (body -> 'enter' ->> 'perDay')::int is distinct from said."perDay"`.execute(tx);
}

/** False where the server does not know the zone by this name, and so could not tell whose day it is. */
export async function knowsZone(db: Db | Tx, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_timezone_names where name = ${name}`.execute(db);
  return rows.length > 0;
}
