// A contact that is gone while it is due: the workers take it off the schedule, and go on.
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openWorld } from '../harness/world.ts';
import { untilIdle } from '../trials/until-idle.ts';

const world = await openWorld('postgres');
const { db, clock } = world;

it('who was erased while somebody held them is due no more', { timeout: 400_000 }, async () => {
  await sql`insert into agenda (contact_id, due_at) values (4711, instant(${clock.at()}))`.execute(db);
  await world.recordLeads(1);
  await world.openProcess();
  await world.sink.until(1);
  await untilIdle(db, clock.at());
  const { rows } = await sql`select 1 from agenda where contact_id = 4711`.execute(db);
  expect(rows).toEqual([]);
});
