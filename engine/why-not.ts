// Why somebody is not in a workflow: for each that is applied, the last event of theirs that would begin it, and what would
// keep them out as the facts stand now. It asks what entering itself asks (enter.ts), so the answer cannot drift from it.
import { createDesk, openSeats, sceneOf } from './desk.ts';
import { type Hindrance, hindranceOf } from './enter.ts';
import { hearsPhrase, isOfDeal, isTimed, momentOfPhrase, tellPhrase } from './phrase.ts';
import type { LinkedPlan, Program } from './plan.ts';
import type { ContactState } from './reaction.ts';
import type { Happening } from './step.ts';

export interface Absence {
  readonly workflow: string;
  readonly why: string;
}

/** `events`: what is known to have happened, newest first. Workflows in which the contact is under way are left out. */
export function explainAbsences(
  program: Program,
  state: ContactState,
  events: readonly Happening[],
  now: number,
): Absence[] {
  const desk = createDesk(program, { ...state, dueAt: now }, now);
  const open = openSeats(desk).map(({ run }) => run);
  const absent = program.current.filter(
    ({ plan }) => !open.some((run) => run.workflow === plan.workflow && plan.enter.per === 'contact'),
  );
  return absent.flatMap((linked) => {
    const { plan } = linked;
    const heard = isTimed(plan.enter.when) ? nextMoment(linked, desk) : lastHeard(linked, events, desk);
    if (typeof heard === 'string') return { workflow: plan.workflow, why: heard };
    const { dealId, when } = heard;
    const scene = sceneOf(desk, null, dealId);
    const occasion = { contactId: state.contactId, dealId, moment: null, now, depth: 0 };
    const hindrance = hindranceOf(linked, { open, entries: desk.entries }, occasion, scene);
    if (hindrance === 'under way') return [];
    const words = hindrance === null ? when : tellHindrance(linked, hindrance, scene, now);
    return { workflow: plan.workflow, why: words };
  });
}

type Desk = ReturnType<typeof createDesk>;

/** What would begin it: for whom, and when in words. */
interface Chance {
  readonly dealId: string | null;
  readonly when: string;
}

/** In words, where nothing of theirs would begin it. */
function lastHeard({ plan }: LinkedPlan, events: readonly Happening[], desk: Desk): Chance | string {
  const { when } = plan.enter;
  const event = events.find((one) => hearsPhrase(when, one, sceneOf(desk, null, one.dealId)));
  if (event === undefined) return `waits for: ${tellPhrase(when)}`;
  return {
    dealId: event.dealId,
    when: `nothing keeps it out now: it enters the next time of ${tellPhrase(when)}`,
  };
}

/** The first moment that is to come; in words, where none is known. */
function nextMoment({ plan }: LinkedPlan, desk: Desk): Chance | string {
  const { when } = plan.enter;
  const subjects = isOfDeal(when) ? Object.keys(desk.deals) : [null];
  const moments = subjects.flatMap((dealId) => {
    const at = momentOfPhrase(when, sceneOf(desk, null, dealId), desk.now);
    return at === null ? [] : [{ dealId, at }];
  });
  const first = moments.sort((a, b) => a.at - b.at)[0];
  const phrase = `waits for: ${tellPhrase(when)}`;
  if (first === undefined) return `${phrase}, and no such moment is known`;
  const { time } = sceneOf(desk, null, first.dealId);
  return { dealId: first.dealId, when: `${phrase}, which is ${time.tell(first.at)}` };
}

function tellHindrance(
  { plan, ask }: LinkedPlan,
  hindrance: Exclude<Hindrance, 'under way'>,
  { facts }: ReturnType<typeof sceneOf>,
  now: number,
): string {
  const { enter } = plan;
  const unknown = enter.onlyIf === null ? null : ask(enter.onlyIf, { facts, memory: null, now }).unknown;
  const words: { readonly [is in Exclude<Hindrance, 'under way'>]: string } = {
    'no steps': 'it has no steps',
    'no deal': 'what happened was about no deal, and it runs once for each',
    'a circle': 'too many workflows began one another',
    'seen to': 'it has been through it for this moment',
    again: `it has been through it, and comes again: ${enter.again}`,
    only_if: `only_if is no now: ${enter.onlyIf}${unknown === null ? '' : ` (${unknown})`}`,
    rollout: `it is not among the ${Math.round(enter.rollout * 100)}% of the rollout`,
  };
  return words[hindrance];
}
