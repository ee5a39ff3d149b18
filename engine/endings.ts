// The endings that every workflow has and none can remove: the contact unsubscribes from its topic, its address is
// dead, it complains, it is erased, or the deal is deleted or goes over to another contact, whose events it then is.
// Then the exits that the workflow names.
import { hearsPhrase, momentOfPhrase, tellPhrase } from './phrase.ts';
import type { Scene } from './phrase-kind.ts';
import type { Plan } from './plan.ts';
import type { Happening, Run } from './step.ts';

export interface Ending {
  readonly outcome: string;
  readonly goal: boolean;
  readonly why: string;
}

interface BuiltIn extends Ending {
  hears(event: Happening, plan: Plan, run: Run): boolean;
}

/** Written by the ledger itself, which has nobody left to tell. */
export const erased: Ending = { outcome: 'erased', goal: false, why: 'the contact was erased' };

const builtIn: readonly BuiltIn[] = [
  {
    outcome: 'unsubscribed',
    goal: false,
    why: 'the contact unsubscribed',
    hears: ({ type, data }, { topic }) =>
      type === 'contact.unsubscribed' &&
      topic !== null &&
      [topic, '*', undefined].includes(data.topic as string),
  },
  {
    outcome: 'bounced',
    goal: false,
    why: 'the address is dead',
    hears: ({ type, data }) => type === 'mail.bounced' && data.hard === true,
  },
  {
    outcome: 'complained',
    goal: false,
    why: 'the contact complained',
    hears: ({ type }) => type === 'mail.complained',
  },
  { ...erased, hears: ({ type }) => type === 'contact.erased' },
  {
    outcome: 'deal-deleted',
    goal: false,
    why: 'the deal was deleted',
    hears: ({ type, dealId }, _, run) => type === 'deal.deleted' && dealId !== null && dealId === run.dealId,
  },
  {
    outcome: 'deal-moved',
    goal: false,
    why: 'the deal went over to another contact',
    hears: ({ type, dealId }, _, run) =>
      type === 'deal.contact_changed' && dealId !== null && dealId === run.dealId,
  },
];

/** As the reference shows them. */
export const builtInEndings: readonly Pick<Ending, 'outcome' | 'why'>[] = builtIn;

/** What a run of any workflow may end as. */
export const builtInOutcomes: readonly string[] = [
  ...builtIn.map(({ outcome }) => outcome),
  'finished',
  'held-out',
];

/** How this event ends this run; null where it does not. */
export function endingFor(event: Happening, plan: Plan, run: Run, scene: Scene): Ending | null {
  const always = builtIn.find((ending) => ending.hears(event, plan, run));
  if (always !== undefined) return always;
  const exit = plan.exits.find(({ when }) => hearsPhrase(when, event, scene));
  return exit === undefined ? null : { outcome: exit.outcome, goal: exit.goal, why: tellPhrase(exit.when) };
}

/** The first moment after `after` at which time alone ends this run; null where there is none. */
export function nextTimedEnding(
  plan: Plan,
  scene: Scene,
  after: number,
): { at: number; ending: Ending } | null {
  let first: { at: number; ending: Ending } | null = null;
  for (const { when, outcome, goal } of plan.exits) {
    const at = momentOfPhrase(when, scene, after);
    if (at !== null && (first === null || at < first.at))
      first = { at, ending: { outcome, goal, why: tellPhrase(when) } };
  }
  return first;
}
