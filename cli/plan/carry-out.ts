// Carries out a plan: draws it while nothing moves on the ground, refuses what must not be, puts the definitions in,
// and then moves those under way, batch after batch, while the workers go on. A kill in between loses nothing: applied
// is what is applied, and whoever is left is moved by the workers, or by the next `apply`.
import type { Clock, Db } from '../../db/connect.ts';
import { applyDefinitions, type Definitions } from '../../db/plans.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { steps } from '../../steps/index.ts';
import { moveAll } from '../../workers/move.ts';
import { complaint, type Streams } from '../streams.ts';
import { type DrawnPlan, drawPlan } from './draw.ts';
import { countOf, printPlan } from './print.ts';

export interface Demands {
  /** The id of the plan that is to be carried out; null: whatever it is now. */
  readonly plan: string | null;
  readonly isConfirmed: boolean;
  /** People; more need a confirmation. */
  readonly most: number;
  /** What to write to confirm. */
  readonly confirming: string;
}

export interface CarriedOut {
  readonly plan: DrawnPlan;
  readonly revision: number;
  readonly changed: boolean;
  /** Runs. */
  readonly moved: number;
}

interface Ground {
  readonly db: Db;
  readonly clock: Clock;
  readonly streams: Pick<Streams, 'err' | 'stop'>;
}

export async function carryOut(
  { db, clock, streams }: Ground,
  { definitions, catalogue }: { readonly definitions: Definitions; readonly catalogue: Catalogue },
  demands: Demands,
): Promise<CarriedOut> {
  const now = await clock.now();
  let plan: DrawnPlan | null = null;
  const { revision, changed } = await applyDefinitions(db, definitions, now, async (tx) => {
    plan = await drawPlan(tx, definitions, catalogue, now);
    checkDemands(plan, demands);
  });
  if (plan === null) throw new Error('a plan was carried out that was not drawn');
  const onProgress = tellProgress(streams.err);
  const isStopping = () => streams.stop.aborted;
  const moved = await moveAll({ db, steps, onProgress, isStopping }, clock.now);
  return { plan, revision, changed, moved };
}

/** Throws what keeps it from being applied, with what to do. */
function checkDemands(plan: DrawnPlan, { plan: wanted, isConfirmed, most, confirming }: Demands): void {
  if (plan.refusals.length > 0)
    throw complaint(1, `${printPlan(plan, false).trimEnd()}\nNothing was applied.`);
  if (wanted !== null && wanted !== plan.id)
    throw complaint(1, `${printPlan(plan, false)}\n${tellMoved(wanted, plan)}\nNothing was applied.`);
  if (plan.affected > most && !isConfirmed)
    throw complaint(
      1,
      `${printPlan(plan, false)}\nThat is over ${countOf(most)} people (confirm_over in policy.yaml): ${confirming}.\n` +
        'Nothing was applied.',
    );
}

/** Which part of the ground is not what it was when the plan was drawn. */
function tellMoved(wanted: string, { id }: DrawnPlan): string {
  const [before, now] = [wanted, id].map((one) => one.split('-'));
  if (before?.length !== 3) return `\`${wanted}\` is the id of no plan; \`voronka plan\` says the id.`;
  const said = [
    ...(before[0] === now?.[0] ? [] : ['the files are not those that it was drawn from']),
    ...(before[1] === now?.[1] ? [] : [`revision ${now?.[1]} is applied, and it was ${before[1]}`]),
    ...(before[2] === now?.[2] ? [] : ['other people stand on the steps that it touches: see above']),
  ];
  return `The ground has moved since plan ${wanted} was drawn: ${said.join('; ')}.`;
}

/** A line for every tenth part, and none where there is little to move. */
function tellProgress(err: Streams['err']): (moved: number, all: number) => void {
  let told = 0;
  return (moved, all) => {
    const tenth = Math.floor((10 * moved) / all);
    if (all < 1_000 || tenth === told) return;
    told = tenth;
    err.write(`moved ${countOf(moved)} of ${countOf(all)} under way\n`);
  };
}
