// What a customer is worth: bought on average by the age of three months, six, a year, two; all together, and by the
// quarter of the first purchase.

import { meanOf } from '../../analysis/stats.ts';
import type { LifetimeSums } from '../../db/reports-lifetimes.ts';
import { number, type Section, span, unknown, words } from './report.ts';

/** In months. */
export const ages: readonly number[] = [3, 6, 12, 24];
const columns = ['first bought in', 'customers', ...ages.flatMap((age) => [`by ${age} months`, '95 %'])];

export function lifetimeSection(sums: readonly LifetimeSums[], isOfAll: boolean): Section {
  const cohorts = [...new Set(sums.map(({ cohort }) => cohort))];
  const rows = cohorts.map((cohort) => {
    const own = sums.filter((one) => one.cohort === cohort);
    const cells = ages.flatMap((age) => {
      const at = own.find((one) => one.age === age);
      if (at === undefined) return [unknown('not enough yet'), words('-')];
      const estimate = meanOf(at);
      return [number(at.mean), words(estimate === null ? 'not enough yet' : span(estimate))];
    });
    return [words(cohort ?? 'any quarter'), number(Math.max(...own.map(({ n }) => n))), ...cells];
  });
  const said = [
    'What a customer has bought on average by that age, from the first purchase on; only those who are that old count.',
    ...(isOfAll ? [] : ['Of all customers, whatever the period.']),
  ];
  if (rows.length === 0)
    return {
      title: 'Value of a customer',
      said: [`Not enough yet: nobody bought ${ages[0]} months ago or earlier.`],
      columns,
      rows,
      chart: null,
    };
  return { title: 'Value of a customer', said, columns, rows, chart: null };
}
