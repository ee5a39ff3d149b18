// What a played season came to: the numbers, whether they add up, and whether all that the workflows promise came to pass.
// Pure; how it looks stands in outcome-print.ts.
import type { RunCount, StageCount } from '../../db/reports.ts';
import type { OutcomeCount } from '../../db/reports-runs.ts';
import type { DeliveryState } from '../../db/schema.ts';
import type { Pipeline } from '../../engine/catalogue.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Deeds } from './crowd.ts';
import type { TaskCounts } from './task-list.ts';

export interface Outcome {
  readonly seconds: number;
  readonly contacts: number;
  readonly deals: { readonly [stage: string]: number };
  readonly runs: { readonly [workflow: string]: Omit<RunCount, 'workflow'> };
  /** By which outcomes its runs ended, and how many each. */
  readonly outcomes: { readonly [workflow: string]: { readonly [outcome: string]: number } };
  /** Workflows that nobody entered. */
  readonly neverEntered: readonly string[];
  /** Steps that mail, ask or give a task, and never did: `payment/reminder`. */
  readonly neverDone: readonly string[];
  readonly mails: { readonly [state in (typeof mailStates)[number]]: number };
  /** The catcher's own count; null where the mail went to another server. */
  readonly accepted: number | null;
  readonly tasks: TaskCounts;
  /** What people have done about their mail. */
  readonly people: Deeds;
}

export const mailStates = ['queued', 'sent', 'deferred', 'refused', 'unknown', 'cancelled'] as const;

/** What the ledger counts. */
export interface Counts {
  readonly contacts: number;
  readonly stages: readonly StageCount[];
  readonly runs: readonly RunCount[];
  readonly outcomes: readonly OutcomeCount[];
  readonly performed: readonly { readonly workflow: string; readonly node: string }[];
  readonly deliveries: { readonly [state in DeliveryState]: number };
}

export interface Played {
  readonly counts: Counts;
  readonly plans: readonly Plan[];
  readonly pipelines: readonly Pipeline[];
  readonly seconds: number;
  readonly accepted: number | null;
  readonly tasks: TaskCounts;
  readonly people: Deeds;
}

/** Of steps that ask for something outside; a call has nobody to answer it here. */
const outside = ['send', 'survey', 'task', 'report'];

export function sumUp({ counts, plans, pipelines, ...others }: Played): Outcome {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const deals = Object.fromEntries(stages.map((stage) => [stage, 0]));
  for (const one of counts.stages) deals[one.stage] = (deals[one.stage] ?? 0) + one.deals;
  const { queued, sending, committing, ...over } = counts.deliveries;
  const outcomes: { [workflow: string]: { [outcome: string]: number } } = {};
  for (const { workflow, outcome, runs } of counts.outcomes) {
    outcomes[workflow] ??= {};
    outcomes[workflow][outcome] = runs;
  }
  const entered = new Set(counts.runs.map(({ workflow }) => workflow));
  const done = new Set(counts.performed.map(({ workflow, node }) => `${workflow}/${node}`));
  const known = [...plans].sort((a, b) => (a.workflow < b.workflow ? -1 : 1));
  return {
    contacts: counts.contacts,
    deals,
    runs: Object.fromEntries(counts.runs.map(({ workflow, ...course }) => [workflow, course])),
    outcomes,
    neverEntered: known.map(({ workflow }) => workflow).filter((workflow) => !entered.has(workflow)),
    neverDone: known
      .filter(({ workflow }) => entered.has(workflow))
      .flatMap(({ workflow, nodes }) =>
        Object.values(nodes)
          .filter(({ verb }) => outside.includes(verb))
          .map(({ id }) => `${workflow}/${id}`),
      )
      .filter((step) => !done.has(step)),
    // On its way out counts as queued: at rest there is none.
    mails: { queued: queued + sending + committing, ...over },
    ...others,
  };
}

/** What does not add up, in words; none where all is well. */
export function findGaps({ runs, mails, accepted }: Outcome): string[] {
  const gaps = Object.entries(runs)
    .filter(([, { entered, underWay, goal, left }]) => entered !== underWay + goal + left)
    .map(([workflow]) => `${workflow}: entered is not under way + ended`);
  if (accepted !== null && mails.sent !== accepted)
    gaps.push(`${mails.sent} mails are marked as sent, and the catcher accepted ${accepted}`);
  if (mails.unknown > 0) gaps.push(`of ${mails.unknown} mails nobody knows whether they were accepted`);
  return gaps;
}

/** What the workflows promise and a whole season did not bring. */
export function findMissing({ neverEntered, neverDone, people, tasks }: Outcome): string[] {
  const named = { surveys: 'a survey', forms: 'a form', confirmed: 'a confirming mail' };
  return [
    ...neverEntered.map((workflow) => `nobody entered ${workflow}`),
    ...neverDone.map((step) => `${step} never did anything`),
    ...Object.entries(named)
      .filter(([deed]) => people[deed as keyof Deeds] === 0)
      .map(([, what]) => `nobody answered ${what}`),
    ...(tasks.done === 0 ? ['no task was done'] : []),
    ...(tasks.escalated === 0 ? ['no late task was escalated'] : []),
  ];
}
