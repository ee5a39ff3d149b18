// A workflow with a daily limit, through the workers: so many begin on a day, the rest on the days after, and nobody is
// dropped.
import { expect, it } from 'vitest';
import { nextDueAt } from '../../db/agenda.ts';
import { greetingFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { dayMs, monday } from '../harness/factories.ts';
import { openWorld } from '../harness/world.ts';
import { untilIdle } from '../trials/until-idle.ts';

const world = await openWorld('postgres');
const { db, clock } = world;

it('lets two in on each day, the first to come first, and drops nobody', { timeout: 400_000 }, async () => {
  const text = greetingFile.text.replace('  again: always', '  again: always\n  limit: 2 per day');
  await useDefinitions(db, clock.at(), [pipelinesFile, { ...greetingFile, text }]);
  await world.recordLeads(3);
  const { queues } = await world.openProcess();
  await world.recordLeads(2);
  const greeted: number[] = [];
  for (let day = 0; day < 4; day++) {
    clock.moveTo(monday + day * dayMs);
    await queues.ring('advance');
    await untilIdle(db, clock.at());
    greeted.push((await world.deliveries()).filter(({ node }) => node === 'hello').length);
  }
  expect(greeted).toEqual([2, 4, 5, 5]);
  const waits = await db
    .selectFrom('run_history')
    .select('why')
    .where('node', '=', '@door')
    .where('what', '=', 'waits')
    .orderBy('id')
    .execute();
  expect(waits.map(({ why }) => why)).toEqual([
    ...Array(2).fill('waits its turn until 2026-11-24: 2 a day may begin'),
    'waits its turn until 2026-11-25: 2 a day may begin',
  ]);
  expect(await nextDueAt(db)).not.toBeNull();
});
