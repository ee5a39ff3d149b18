// Every word of the reports, as a shape that each language fills. Figures come as numbers, because a language bends its
// words by them; what is already written out comes as text.
import type { Lack, Lift } from '../../analysis/lift.ts';
import type { Trend } from '../../analysis/nps-trend.ts';
import type { Estimate } from '../../analysis/stats.ts';
import type { ReportName } from '../../engine/report-names.ts';
import type { Figures } from './figures.ts';

export type ByValue = 'of value' | 'deals';
type Columns = readonly string[];
type Median = { readonly text: string; readonly interval: string };

export interface ReportWords extends Figures {
  readonly lang: string;
  readonly titles: { readonly [name in ReportName]: string };
  readonly letter: { readonly subject: string; readonly why: string };
  /** Over all of them together. */
  readonly reports: string;
  readonly notEnough: string;
  /** A group of deals whose field is empty, and a segment that is not known. */
  readonly notSaid: string;
  readonly notKnown: string;
  readonly about: {
    readonly all: string;
    begun(period: string): string;
    asOf(day: string): string;
    currency(code: string): string;
    lastDays(days: number): string;
  };
  readonly funnel: {
    readonly title: string;
    chart(group: string | null): string;
    readonly columns: Columns;
    bottleneck(stage: string): string;
    deals(count: { deals: number; won: number; lost: number; open: number }, rate: string): string;
    won(rate: Estimate | null): string;
    unpriced(deals: number): string;
    onward(share: Estimate, isBottleneck: boolean): string;
    fewLost(lost: number, needed: number): string;
    readonly noAmounts: string;
    noneStandsOut(candidates: readonly string[]): string;
    named(found: Named, unit: ByValue): string;
    byNumber(priced: number, lost: number): string;
    /** Stages on which no deal ever stood. */
    passedOver(stages: readonly string[]): string;
  };
  readonly stages: {
    readonly title: string;
    readonly chart: string;
    readonly columns: Columns;
    readonly lead: string;
    cycle(median: Median | null): string;
    velocity(velocity: Estimate | null): string;
    days(median: Median): string;
  };
  readonly forecast: {
    readonly title: string;
    chart(unit: ByValue): string;
    readonly columns: Columns;
    fewMonths(months: number, won: number, needed: { months: number; won: number }): string;
    open(deals: number, value: number | null): string;
    brings(months: number, value: Estimate, unit: ByValue): string;
    /** Open deals without an amount, and the average that they count as. */
    unpriced(deals: number, average: number): string;
    tooNarrow(held: number, of: number): string;
    readonly lead: string;
    month(number: number): string;
    readonly together: string;
  };
  readonly value: {
    readonly title: string;
    readonly chart: string;
    readonly columns: Columns;
    readonly nobody: string;
    customers(customers: number, returned: number, within: Estimate | null): string;
  };
  readonly costs: {
    readonly source: CostWords;
    readonly month: CostWords;
    /** After the first, which is the group's. */
    readonly columns: Columns;
    lead(currency: string | null): string;
    readonly open: string;
    without(leads: number, by: string): string;
    readonly unqualified: string;
    noStage(stage: string): string;
    readonly noneYet: string;
    over(cost: number): string;
    readonly all: string;
  };
  readonly lifetimes: {
    readonly title: string;
    columns(ages: readonly number[]): Columns;
    readonly lead: string;
    readonly ofAll: string;
    none(months: number): string;
    readonly anyQuarter: string;
  };
  readonly nps: {
    readonly title: string;
    chart(survey: string): string;
    readonly columns: Columns;
    score(score: string): string;
    few(answers: number, needed: number): string;
    answered(answered: number, asked: number, share: number | null): string;
    trend(trend: Trend): string;
    readonly groups: { readonly detractors: string; readonly passives: string; readonly promoters: string };
    readonly answers: { readonly title: string; readonly columns: Columns };
    readonly months: {
      readonly title: string;
      readonly chart: string;
      readonly lead: string;
      readonly columns: Columns;
    };
    readonly segments: {
      readonly title: string;
      readonly chart: string;
      readonly lead: string;
      readonly columns: Columns;
    };
  };
  readonly workflows: {
    readonly title: string;
    readonly chart: string;
    readonly columns: Columns;
    readonly lead: string;
    readonly nobodyEntered: string;
    readonly nobodyHeld: string;
    lacking(lack: Lack, needed: number | null): string;
    verdict(is: Exclude<Lift['is'], 'not enough yet'>, difference: string): string;
  };
  readonly mails: {
    readonly title: string;
    readonly columns: Columns;
    readonly said: readonly string[];
    readonly none: string;
    readonly all: string;
  };
}

interface CostWords {
  title(by: string): string;
  readonly chart: string;
  readonly head: string;
}

export interface Named {
  readonly stage: string;
  readonly loss: Estimate;
  readonly shareOfLoss: number;
  readonly lead: Estimate;
  readonly over: string;
  readonly smallestRate: string;
}
