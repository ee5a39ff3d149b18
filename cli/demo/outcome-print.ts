// A played season in the terminal: where the deals stand, what became of each workflow's runs, what people did.
import Table from 'cli-table3';
import { plainTable } from '../tables.ts';
import { mailStates, type Outcome } from './outcome.ts';

export function drawOutcome(outcome: Outcome): string {
  const { deals, runs, outcomes, neverEntered, mails, people, tasks } = outcome;
  const rows = Object.entries(runs).map(([name, run]) => [
    name,
    run.entered,
    run.underWay,
    run.goal,
    run.left,
    tellOutcomes(outcomes[name] ?? {}),
  ]);
  const nobody = neverEntered.map((name) => [name, 0, 0, 0, 0, 'NOBODY ENTERED']);
  return [
    draw(['deals by stage', ''], Object.entries(deals)),
    draw(['runs by workflow', 'entered', 'under way', 'goal', 'left', 'ended as'], [...rows, ...nobody]),
    draw(
      ['mails', '', 'people', '', 'tasks', ''],
      beside(
        mailStates.map((state) => [state, mails[state]]),
        [
          ['opened a mail', people.opened],
          ['clicked', people.clicked],
          ['answered a survey', people.surveys],
          ['filled in a form', people.forms],
          ['confirmed', people.confirmed],
          ['wrote back', people.replied],
          ['unsubscribed', people.left],
        ],
        [
          ['made', tasks.made],
          ['done', tasks.done],
          ['overdue', tasks.overdue],
          ['escalated', tasks.escalated],
          ['open', tasks.open],
        ],
      ),
    ),
  ].join('\n\n');
}

/** The three most frequent. */
function tellOutcomes(outcomes: { readonly [outcome: string]: number }): string {
  const all = Object.entries(outcomes);
  const told = all.slice(0, 3).map(([outcome, runs]) => `${outcome} ${runs}`);
  return [...told, ...(all.length > 3 ? [`${all.length - 3} more`] : [])].join(', ');
}

type Cells = readonly (string | number)[];

function beside(...columns: readonly (readonly Cells[])[]): Cells[] {
  const height = Math.max(...columns.map((column) => column.length));
  return Array.from({ length: height }, (_, i) => columns.flatMap((column) => column[i] ?? ['', '']));
}

function draw(head: string[], rows: readonly Cells[]): string {
  const table = new Table({
    ...plainTable,
    head,
    colAligns: head.map((_, column) =>
      rows.some((row) => typeof row[column] === 'number') ? 'right' : 'left',
    ),
    colWidths: head.map((_, column) => (column === 0 ? 24 : null)),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
