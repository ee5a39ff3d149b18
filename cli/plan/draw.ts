// What applying these definitions would do, drawn from the ledger as it stands: each workflow's steps, its people, what
// is refused, and a hash over the definitions and the ground. A dozen grouped statements, however many are under way.
import type { Db, Tx } from '../../db/connect.ts';
import { knowsZone, readTakenToday } from '../../db/doors.ts';
import { readPastSteps } from '../../db/lineage.ts';
import { type Definitions, readDeclarations, readPlans, readRevision } from '../../db/plans.ts';
import { readTemplateHashes } from '../../db/templates.ts';
import { countCrowds, countEarly, countQueued, countZones } from '../../db/under-way.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { door } from '../../engine/gates.ts';
import { hashJson } from '../../engine/hash.ts';
import { link } from '../../engine/link.ts';
import { createPassage } from '../../engine/migrate.ts';
import type { Plan, Program } from '../../engine/plan.ts';
import { type Crowd, editedWaits, peopleDiff, weightNotes } from '../../engine/plan-diff.ts';
import { findNotes, findRefusals, type Refusal } from '../../engine/plan-refusals.ts';
import { lastToLeave } from '../../engine/plan-window.ts';
import { steps } from '../../steps/index.ts';
import { type Difference, difference, type WorkflowDifference, workflowDifference } from './difference.ts';

export interface DrawnPlan extends Difference {
  /** `<definitions>-<revision>-<people>`: what was planned, over which ground. */
  readonly id: string;
  readonly revision: number;
  readonly refusals: readonly Refusal[];
  readonly notes: readonly string[];
}

type Ledger = Db | Tx;

export async function drawPlan(
  db: Ledger,
  definitions: Definitions,
  catalogue: Catalogue,
  now: number,
): Promise<DrawnPlan> {
  const { plans } = definitions;
  const applied = await readPlans(db);
  const hashes = plans.map(({ hash }) => hash);
  const all = [...plans, ...applied.plans.filter(({ hash }) => !hashes.includes(hash))];
  const program = link(all, hashes, steps, catalogue, applied.lineage);
  const crowds = await countCrowds(db);
  const people = peopleDiff(program, crowds, await countLeaving(db, program, crowds, now));
  const past = await readPastSteps(db);
  const queued = await countStopped(db, program, crowds);
  const taken = await readTakenToday(db, now);
  const before = applied.plans.filter(({ hash }) => applied.current.includes(hash));
  const weights: string[] = [];
  const workflows = namesOf(plans, before, crowds).map((workflow): WorkflowDifference => {
    const [old, next] = [before, plans].map((list) => list.find((one) => one.workflow === workflow) ?? null);
    const own = people.filter((one) => one.workflow === workflow);
    const isKnown = next !== null && applied.lineage.madeAt[next?.hash ?? ''] !== undefined;
    const passage = old && next ? createPassage(old, next, applied.lineage) : null;
    weights.push(...weightNotes(old ?? null, next ?? null, passage));
    return workflowDifference(workflow, {
      before: old ?? null,
      after: next ?? null,
      isKnown,
      passage,
      people: own,
      queued: queued.get(workflow) ?? 0,
      enterNow: countAtDoor(program, crowds, workflow, taken.get(workflow) ?? 0),
    });
  });
  const revision = await readRevision(db);
  const drawn = difference(workflows, {
    templates: [await readTemplateHashes(db), definitions.templates],
    declarations: [await readDeclarations(db), definitions.declarations],
  });
  const refusals = [
    ...findRefusals(plans, past, people),
    ...(await findZoneRefusals(db, plans, catalogue.zone)),
  ];
  const id = `${hashJson([hashes, definitions.templates.map(({ hash }) => hash), definitions.declarations]).slice(0, 8)}-${revision}-${hashJson(drawn.ground).slice(0, 8)}`;
  return { id, revision, refusals, notes: [...findNotes(plans, past), ...weights], ...drawn };
}

function namesOf(plans: readonly Plan[], before: readonly Plan[], crowds: readonly Crowd[]): string[] {
  return [...new Set([...plans, ...before, ...crowds].map(({ workflow }) => workflow))].sort();
}

/** Of each wait that was edited, by `plan node`: who goes on at once. */
async function countLeaving(
  db: Ledger,
  program: Program,
  crowds: readonly Crowd[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const edited = editedWaits(program, crowds);
  const zones = await countZones(db, edited);
  const windows = zones.flatMap(({ plan, node, timezone, owner }) => {
    const to = program.passages.get(plan)?.to.hash ?? '';
    const name = edited.find((one) => one.plan === plan && one.node === node)?.name ?? node;
    const facts = { contact: { timezone }, deal: { owner } };
    const at = lastToLeave(program, { plan: to, node: name, facts }, now);
    return at === null ? [] : { plan, node, timezone, owner, at };
  });
  const early = await countEarly(db, windows);
  return new Map(early.map(({ plan, node, people }) => [`${plan} ${node}`, people]));
}

/** By workflow: mails and the like that are queued of steps which are gone, or that are asked for anew. */
async function countStopped(
  db: Ledger,
  program: Program,
  crowds: readonly Crowd[],
): Promise<ReadonlyMap<string, number>> {
  const standing = new Set(crowds.map(({ plan }) => plan));
  const passages = [...program.passages].filter(([plan]) => standing.has(plan));
  const stopped = passages.flatMap(([plan, { from, gone, restarts }]) =>
    (restarts ? Object.keys(from.nodes) : gone).map((node) => ({ plan, node })),
  );
  const sums = new Map<string, number>();
  for (const { plan, deliveries } of await countQueued(db, stopped)) {
    const workflow = program.byHash.get(plan)?.plan.workflow ?? '';
    sums.set(workflow, (sums.get(workflow) ?? 0) + deliveries);
  }
  return sums;
}

/** Who waits at the door and begins today, because the limit was raised or taken away. */
function countAtDoor(program: Program, crowds: readonly Crowd[], workflow: string, taken: number): number {
  const waiting = crowds.filter((one) => one.workflow === workflow && one.node === door.id);
  return waiting.reduce((sum, { plan, people }) => {
    const passage = program.passages.get(plan);
    const perDay = passage?.to.enter.perDay;
    if (passage === undefined || perDay === passage.from.enter.perDay) return sum;
    return sum + (perDay == null ? people : Math.min(people, Math.max(0, perDay - taken)));
  }, 0);
}

async function findZoneRefusals(db: Ledger, plans: readonly Plan[], zone: string): Promise<Refusal[]> {
  const limited = plans.filter(({ enter }) => enter.perDay !== null);
  if (limited.length === 0 || (await knowsZone(db, zone))) return [];
  return limited.map(({ workflow }) => ({
    workflow,
    step: door.id,
    people: 0,
    message: `it has a daily limit, and Postgres does not know the company's zone ${zone}`,
    hint: 'write the zone by its IANA name, for example Europe/Berlin',
  }));
}
