// A report as a value: sentences, tables and charts. The terminal, JSON, CSV and the page all print this one value, so that
// no figure can differ between them. A cell holds the figure for programs and its words for people.
import type { BarChart } from '../../analysis/chart-bars.ts';
import type { FunnelChart } from '../../analysis/chart-funnel.ts';
import type { LineChart } from '../../analysis/chart-line.ts';
import type { NpsChart } from '../../analysis/chart-nps.ts';
import type { Estimate, Share } from '../../analysis/stats.ts';
import type { Cut } from '../../db/reports-ways.ts';
import type { ReportWords } from './wording.ts';

export interface ReportCell {
  readonly value: number | string | null;
  readonly text: string;
}
type Drawn<C> = Omit<C, 'theme' | 'width'>;
export type ReportChart =
  | { readonly kind: 'bars'; readonly chart: Drawn<BarChart> }
  | { readonly kind: 'funnel'; readonly chart: Drawn<FunnelChart> }
  | { readonly kind: 'lines'; readonly chart: Drawn<LineChart> }
  | { readonly kind: 'nps'; readonly chart: Drawn<NpsChart> };

export interface Section {
  readonly title: string;
  /** What the figures say, in sentences; "not enough yet" where they say nothing. */
  readonly said: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
  readonly chart: ReportChart | null;
}
export interface Report {
  readonly title: string;
  /** What was counted: pipeline, period, day. */
  readonly about: string;
  readonly sections: readonly Section[];
}

export const words = (text: string): ReportCell => ({ value: text, text });
export const unknown = (text: string): ReportCell => ({ value: null, text });

/** Cells of figures, in the words of a language. */
export function cellsIn({ say, percent, span, notEnough }: ReportWords) {
  return {
    number: (value: number): ReportCell => ({ value, text: say(value) }),
    /** A share, and its interval in a cell of its own. */
    shareCells(share: Share | null): readonly [ReportCell, ReportCell] {
      if (share === null) return [unknown('-'), unknown('-')];
      return [{ value: share.value, text: percent(share.value) }, words(span(share, percent))];
    },
    estimateCells(estimate: Estimate | null): readonly [ReportCell, ReportCell] {
      if (estimate === null) return [unknown(notEnough), unknown('-')];
      return [{ value: estimate.value, text: say(estimate.value) }, words(span(estimate))];
    },
  };
}

/** The order of groups that are periods; null where groups are none. */
export function inTime({ is }: Cut): ((a: Grouped, b: Grouped) => number) | null {
  if (is !== 'month' && is !== 'quarter' && is !== 'year') return null;
  return (a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0);
}
interface Grouped {
  readonly group: string;
}
