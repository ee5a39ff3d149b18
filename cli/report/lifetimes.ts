// What a customer is worth: bought on average by the age of three months, six, a year, two; all together, and by the
// quarter of the first purchase.

import { meanOf } from '../../analysis/stats.ts';
import type { LifetimeSums } from '../../db/reports-lifetimes.ts';
import { cellsIn, type Section, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

/** In months. */
export const ages: readonly number[] = [3, 6, 12, 24];

export function lifetimeSection(tell: ReportWords, sums: readonly LifetimeSums[], isOfAll: boolean): Section {
  const { number } = cellsIn(tell);
  const { title, lead, ofAll, none, anyQuarter } = tell.lifetimes;
  const cohorts = [...new Set(sums.map(({ cohort }) => cohort))];
  const rows = cohorts.map((cohort) => {
    const own = sums.filter((one) => one.cohort === cohort);
    const cells = ages.flatMap((age) => {
      const at = own.find((one) => one.age === age);
      if (at === undefined) return [unknown(tell.notEnough), words('-')];
      const estimate = meanOf(at);
      return [number(at.mean), words(estimate === null ? tell.notEnough : tell.span(estimate))];
    });
    return [words(cohort ?? anyQuarter), number(Math.max(...own.map(({ n }) => n))), ...cells];
  });
  const said = rows.length === 0 ? [none(ages[0] ?? 0)] : isOfAll ? [lead] : [lead, ofAll];
  return { title, said, columns: tell.lifetimes.columns(ages), rows, chart: null };
}
