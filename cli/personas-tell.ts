// A crowd's tally in words and figures, for a person.
import Table from 'cli-table3';
import type { Tally } from './personas-tally.ts';
import { plainTable } from './tables.ts';

export function tellTally(tally: Tally): string {
  const { personas, entered, runs, underWay, asked, arms, outcomes, days } = tally;
  const share = (n: number, of: number) => (of === 0 ? '-' : `${((100 * n) / of).toFixed(1)} %`);
  const again = runs === entered ? '' : `, ${runs} times`;
  const lines = [
    `${entered} of ${personas} entered (${share(entered, personas)})${again}; ${underWay} still under way.`,
  ];
  if (days !== null)
    lines.push(
      `From entering to the end: ${days.median} days for half of them, ${days.ninetieth} for nine in ten.`,
    );
  const rows: [string, string, number, string][] = [
    ...asked.map(({ step, verb, count }): [string, string, number, string] => [
      step,
      verb,
      count,
      share(count, runs),
    ]),
    ...arms.map(({ step, arm, count }): [string, string, number, string] => {
      const all = arms.filter((one) => one.step === step).reduce((sum, one) => sum + one.count, 0);
      return [step, arm, count, share(count, all)];
    }),
    ...outcomes.map(({ outcome, goal, count }): [string, string, number, string] => [
      'ends',
      goal ? `${outcome} (goal)` : outcome,
      count,
      share(count, runs),
    ]),
  ];
  const table = new Table({ ...plainTable, colAligns: ['left', 'left', 'right', 'right'] });
  table.push(...rows);
  return `${lines.join('\n')}\n${rows.length === 0 ? '' : `\n${table.toString()}\n`}`;
}
