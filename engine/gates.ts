// Places on which a run may stand that are no steps: the door of a workflow with a daily limit, and the control group.
// Their names begin with @, which no step id can.
import { longestMs, parseDuration } from './duration.ts';
import { draw } from './hash.ts';
import type { Plan } from './plan.ts';
import type { Decision, Facts, Run } from './step.ts';

const dayMs = 86_400_000;

export interface Gate {
  readonly id: string;
  decide(run: Run, plan: Plan, now: number): Decision;
}

/** A run waits here for its day: the ledger gave it the first one that has room. */
export const door: Gate = {
  id: '@door',
  decide: (run, { enter }, now) =>
    enter.perDay !== null && run.wakeAt !== null && run.wakeAt > now
      ? { go: 'stay', until: run.wakeAt, why: 'waits its turn' }
      : { go: 'on', why: 'its turn has come' },
};

/** A run of the control group gets nothing, and is watched as long as the longest treated one can last. */
export const heldOut: Gate = {
  id: '@held-out',
  decide(run, plan, now) {
    const until = run.enteredAt + watchedMs(plan);
    return until > now
      ? { go: 'stay', until, why: 'is held out, to be compared with' }
      : { go: 'end', outcome: 'held-out', why: 'was held out' };
  },
};

export const gates: readonly Gate[] = [door, heldOut];

/** Never less than thirty days: goals come later than mails. */
function watchedMs(plan: Plan): number {
  const steps = Object.values(plan.nodes).reduce((sum, { traits }) => sum + (traits.lastsMs ?? 0), 0);
  const most = longestMs(parseDuration('P365D') ?? { months: 12, days: 0, ms: 0, isBusiness: false });
  return Math.min(most, Math.max(30 * dayMs, steps));
}

/** By what draws are made: the customer's own id of the deal or contact, so that they are the same in every install. */
export function subjectOf(plan: Pick<Plan, 'enter'>, facts: Facts, contactId: string): string {
  const deal = plan.enter.per === 'deal' ? facts.deal?.id : undefined;
  return String(deal ?? facts.contact.id ?? contactId);
}

export function isRolledOut(plan: Plan, subject: string): boolean {
  return plan.enter.rollout >= 1 || draw(plan.workflow, '@rollout', subject) < plan.enter.rollout;
}

export function isHeldOut(plan: Plan, subject: string): boolean {
  return plan.enter.holdout > 0 && draw(plan.workflow, '@holdout', subject) < plan.enter.holdout;
}
