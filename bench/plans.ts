// What an edit costs where many are under way: `plan`, whose numbers are grouped counts, and `apply`, which moves every
// run. The edit shortens the wait in which the bench's waiting runs stand.

import { carryOut } from '../cli/plan/carry-out.ts';
import { drawPlan } from '../cli/plan/draw.ts';
import { databaseClock } from '../db/connect.ts';
import { compileDefinitions } from '../test/harness/definitions.ts';
import { benchFiles, benchLetters } from './definitions.ts';
import type { Stand } from './stand.ts';

export interface PlanTimes {
  readonly underWay: number;
  readonly affected: number;
  /** Of three. */
  readonly planMs: number;
  readonly applySeconds: number;
  readonly moved: number;
}

export async function measurePlans({ db }: Stand): Promise<PlanTimes> {
  const edited = benchFiles.map((file) => ({
    ...file,
    text: file.text.replace('wait: 30d', 'wait: 20 days'),
  }));
  const { definitions, catalogue } = await compileDefinitions(edited, benchLetters());
  const clock = databaseClock(db);
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const startedAt = performance.now();
    await drawPlan(db, definitions, catalogue, await clock.now());
    times.push(performance.now() - startedAt);
  }
  const startedAt = performance.now();
  const demands = { plan: null, isConfirmed: true, most: 0, confirming: '' };
  const streams = { err: process.stderr, stop: new AbortController().signal };
  const { plan, moved } = await carryOut({ db, clock, streams }, { definitions, catalogue }, demands);
  return {
    underWay: plan.workflows.reduce((sum, { underWay }) => sum + underWay, 0),
    affected: plan.affected,
    planMs: Math.round(times.sort((a, b) => a - b)[1] ?? 0),
    applySeconds: (performance.now() - startedAt) / 1000,
    moved,
  };
}
