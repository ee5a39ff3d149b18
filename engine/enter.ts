// Whether an event or a moment begins a run: the phrase, the subject, "never twice at once", re-entry, the condition,
// and the draw, in the order of what is cheap. A run that begins stands at the plan's first step or at a gate; it has
// not been advanced.
import { door, heldOut, isHeldOut, isRolledOut, subjectOf } from './gates.ts';
import { isOfDeal, tellPhrase } from './phrase.ts';
import type { Scene } from './phrase-kind.ts';
import type { LinkedPlan } from './plan.ts';
import type { Run } from './step.ts';

/** What is known of the contact's ways through a workflow, at this point of the reaction. */
export interface Past {
  readonly open: readonly Run[];
  readonly entries: readonly {
    readonly workflow: string;
    readonly dealId: string | null;
    readonly enteredAt: number;
  }[];
}

/** What the phrase of a plan was heard in. */
export interface Occasion {
  readonly contactId: string;
  /** The deal of the event, or of the moment. */
  readonly dealId: string | null;
  /** When time alone made it true; null for an event. Somebody who entered since has been seen to already. */
  readonly moment: number | null;
  readonly now: number;
  /** How many runs raised the event, one after another. */
  readonly depth: number;
}

/** Workflows that move a deal in a circle stop here, whatever lint was told to ignore. */
const maxDepth = 8;

/** What keeps somebody out although the phrase was heard. why-not.ts puts it into words. */
export type Hindrance =
  | 'no steps'
  | 'a circle'
  | 'no deal'
  | 'under way'
  | 'seen to'
  | 'again'
  | 'only_if'
  | 'rollout';

/** The run that begins; null where none does. `scene.facts` are those of the occasion's deal. */
export function enter(
  id: string,
  linked: LinkedPlan,
  past: Past,
  occasion: Occasion,
  scene: Scene,
): Run | null {
  if (hindranceOf(linked, past, occasion, scene) !== null) return null;
  const { plan } = linked;
  const { contactId, depth, now } = occasion;
  const dealId = dealOf(plan, occasion);
  const node = firstOf(plan, subjectOf(plan, scene.facts, contactId));
  return createRun(id, plan, { contactId, dealId, now, depth, node });
}

/** null: nothing, a run begins. */
export function hindranceOf(
  { plan, ask }: LinkedPlan,
  past: Past,
  occasion: Occasion,
  scene: Scene,
): Hindrance | null {
  const { onlyIf, again, per } = plan.enter;
  const { contactId, moment, now } = occasion;
  if (plan.first === null) return 'no steps';
  if (occasion.depth > maxDepth) return 'a circle';
  const dealId = dealOf(plan, occasion);
  if (per === 'deal' && dealId === null) return 'no deal';
  const isSubject = (one: { workflow: string; dealId: string | null }) =>
    one.workflow === plan.workflow && (per === 'contact' || one.dealId === dealId);
  if (past.open.some(isSubject)) return 'under way';
  const lastAt = Math.max(
    ...past.entries.filter(isSubject).map((one) => one.enteredAt),
    Number.NEGATIVE_INFINITY,
  );
  if (moment !== null && lastAt >= moment) return 'seen to';
  if (lastAt > Number.NEGATIVE_INFINITY && !mayEnterAgain(again, lastAt, scene, now)) return 'again';
  if (onlyIf !== null && !ask(onlyIf, { facts: scene.facts, memory: null, now }).is) return 'only_if';
  return isRolledOut(plan, subjectOf(plan, scene.facts, contactId)) ? null : 'rollout';
}

/** A run is about a deal where its beginning speaks of one, or is to be once for each deal. */
function dealOf({ enter: { when, per } }: LinkedPlan['plan'], occasion: Occasion): string | null {
  return per === 'deal' || isOfDeal(when) ? occasion.dealId : null;
}

/** Why a run began, in the history. */
export function tellEntry({ plan }: LinkedPlan, run: Run): string {
  return run.node === heldOut.id ? `${tellPhrase(plan.enter.when)}; held out` : tellPhrase(plan.enter.when);
}

function firstOf(plan: LinkedPlan['plan'], subject: string): string | null {
  if (isHeldOut(plan, subject)) return heldOut.id;
  return plan.enter.perDay === null ? plan.first : door.id;
}

function mayEnterAgain(again: string, lastAt: number, scene: Scene, now: number): boolean {
  if (again === 'never') return false;
  return again === 'always' || scene.time.add(lastAt, again) <= now;
}

interface Beginning {
  readonly contactId: string;
  readonly dealId: string | null;
  readonly node: string | null;
  readonly now: number;
  readonly depth: number;
}

function createRun(
  id: string,
  plan: LinkedPlan['plan'],
  { contactId, dealId, node, now, depth }: Beginning,
): Run {
  return {
    id,
    workflow: plan.workflow,
    plan: plan.hash,
    contactId,
    dealId,
    node,
    nodeAt: now,
    enteredAt: now,
    // At the door: due at once, unless the ledger finds that today has no room left.
    wakeAt: node === door.id ? now : null,
    memory: { visits: {}, happened: {}, ...(depth > 0 ? { depth } : {}) },
    endedAt: null,
    outcome: null,
    goal: false,
  };
}
