// A backtest in words and figures: what would have been beside what was, and what it cannot know.
import Table from 'cli-table3';
import type { Pair, Tally } from './backtest-tally.ts';
import { plainTable } from './tables.ts';

export interface Backtest {
  readonly workflow: string;
  readonly since: number;
  readonly until: number;
  readonly tally: Tally;
  /** null: the past came from a file, and nobody knows what was done then. */
  readonly isFromFile: boolean;
}

/** What is not as it was, and what is left out. */
function approximations(isFromFile: boolean): string[] {
  return [
    'Only this workflow is replayed. What other workflows did stands in the history; what they would have done does not.',
    'Nobody clicks in a mail that was never sent: replies and clicks are those that really came.',
    'Daily limits and suppressions by address are not kept. Frequency caps count the mails of this workflow alone.',
    'Scores are counted from what happened since; points from before are not there.',
    ...(isFromFile
      ? []
      : [
          'Stages, owners, withdrawn consents and what only the outcome tells are as they were then. All other facts are ' +
            'those of today.',
          'Who was under way when it begins counts as having entered before.',
        ]),
  ];
}

export function tellBacktest({ workflow, since, until, tally, isFromFile }: Backtest): string {
  const { contacts, events, subjects } = tally;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const span = `${day(since)} to ${day(until)}: ${contacts} contacts, ${events} events`;
  const table = new Table({ ...plainTable, colAligns: ['left', 'left', 'right', 'right'] });
  table.push(['', '', 'would', ...(isFromFile ? [] : ['did'])]);
  const add = (what: string, name: string, { would, did }: Pair) =>
    table.push([what, name, would, ...(isFromFile ? [] : [did])]);
  add('entered', '', tally.entered);
  for (const [step, pair] of tally.mails) add('mails', step, pair);
  for (const [key, would] of tally.asked) {
    const [step = '', verb = ''] = key.split(' ');
    table.push([verb, step, would, ...(isFromFile ? [] : ['-'])]);
  }
  for (const [outcome, pair] of tally.outcomes) add('ended', outcome, pair);
  add('goal reached', '', tally.goals);
  add('under way', '', tally.underWay);
  const same = isFromFile
    ? ''
    : `Of those who would have entered, ${subjects.both} did; ${subjects.would - subjects.both} did not, and ` +
      `${subjects.did - subjects.both} did who would not have.\n`;
  const notes = approximations(isFromFile).map((line) => `- ${line}\n`);
  return `${workflow}, ${span}\n\n${table.toString()}\n\n${same}\n${notes.join('')}`;
}

export function toJson({ workflow, since, until, tally, isFromFile }: Backtest) {
  const byName = (pairs: Map<string, Pair>) => Object.fromEntries(pairs);
  return {
    workflow,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    ...tally,
    mails: byName(tally.mails),
    asked: Object.fromEntries(tally.asked),
    outcomes: byName(tally.outcomes),
    didIsKnown: !isFromFile,
    approximations: approximations(isFromFile),
  };
}
