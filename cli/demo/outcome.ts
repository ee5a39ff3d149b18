// What a played season came to: the numbers, whether they add up, and how they look in the terminal. Pure.
import Table from 'cli-table3';
import type { RunCount, StageCount } from '../../db/reports.ts';
import type { DeliveryState } from '../../db/schema.ts';
import type { Pipeline } from '../../engine/catalogue.ts';
import { plainTable } from '../tables.ts';

export interface Outcome {
  readonly seconds: number;
  readonly contacts: number;
  readonly deals: { readonly [stage: string]: number };
  readonly runs: { readonly [workflow: string]: Omit<RunCount, 'workflow'> };
  readonly mails: { readonly [state in (typeof states)[number]]: number };
  /** The catcher's own count; null where the mail went to another server. */
  readonly accepted: number | null;
}

const states = ['queued', 'sent', 'deferred', 'refused', 'unknown', 'cancelled'] as const;

/** What the ledger counts. */
export interface Counts {
  readonly contacts: number;
  readonly stages: readonly StageCount[];
  readonly runs: readonly RunCount[];
  readonly deliveries: { readonly [state in DeliveryState]: number };
}

export function sumUp(
  counts: Counts,
  pipelines: readonly Pipeline[],
  seconds: number,
  accepted: number | null,
): Outcome {
  const stages = pipelines.flatMap((pipeline) => pipeline.stages);
  const deals = Object.fromEntries(stages.map((stage) => [stage, 0]));
  for (const one of counts.stages) deals[one.stage] = (deals[one.stage] ?? 0) + one.deals;
  const { queued, sending, committing, ...over } = counts.deliveries;
  return {
    seconds,
    contacts: counts.contacts,
    deals,
    runs: Object.fromEntries(counts.runs.map(({ workflow, ...course }) => [workflow, course])),
    // On its way out counts as queued: at rest there is none.
    mails: { queued: queued + sending + committing, ...over },
    accepted,
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

export function drawOutcome(outcome: Outcome): string {
  const tables = [
    draw(['deals by stage', ''], Object.entries(outcome.deals)),
    draw(
      ['runs by workflow', 'entered', 'under way', 'goal', 'left'],
      Object.entries(outcome.runs).map(([name, run]) => [
        name,
        run.entered,
        run.underWay,
        run.goal,
        run.left,
      ]),
    ),
    draw(
      ['mails by state', ''],
      states.map((state) => [state, outcome.mails[state]]),
    ),
  ];
  return tables.join('\n\n');
}

function draw(head: string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({
    ...plainTable,
    head,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    colWidths: head.map((_, column) => (column === 0 ? 26 : 11)),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
