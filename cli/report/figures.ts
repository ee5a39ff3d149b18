// Figures as a language writes them: groups of three, the sign of the fraction, per cent, intervals, days.
import type { Estimate } from '../../analysis/stats.ts';

export interface Figures {
  /** Big numbers by groups of three; small ones with what matters of them. */
  say(value: number): string;
  /** Of a share from 0 to 1. */
  percent(share: number): string;
  /** With its sign, to a tenth: points of a score. */
  points(value: number): string;
  range(low: string, high: string): string;
  /** An interval; `range` of what `show` makes of its ends, or that it is not known yet. */
  span(interval: Pick<Estimate, 'low' | 'high'>, show?: (value: number) => string): string;
  /** The day of an instant, in UTC. */
  day(at: number): string;
  /** From months since year 0. */
  month(months: number): string;
}

export interface FigureWords {
  readonly lang: string;
  range(low: string, high: string): string;
  readonly notEnough: string;
  /** Days and months; without it, as ISO 8601 writes them. */
  readonly dates?: boolean;
  /** After a share, with its space. */
  readonly shareSign?: string;
}

export function figuresOf({ lang, range, notEnough, dates = false, shareSign = ' %' }: FigureWords): Figures {
  const [whole, tenths, tenth] = [
    new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }),
    new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }),
    new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  ];
  const say = (value: number) =>
    (Number.isInteger(value) || Math.abs(value) >= 100 ? whole : tenths).format(value);
  const dated = (options: Intl.DateTimeFormatOptions, length: number) => (at: number) =>
    dates
      ? new Intl.DateTimeFormat(lang, { ...options, timeZone: 'UTC' }).format(at)
      : new Date(at).toISOString().slice(0, length);
  const monthOf = dated({ month: 'short', year: 'numeric' }, 7);
  return {
    say,
    percent: (share) => `${tenth.format(100 * share)}${shareSign}`,
    points: (value) => `${value > 0 ? '+' : ''}${say(Math.round(10 * value) / 10)}`,
    range,
    span: ({ low, high }, show = say) =>
      Number.isFinite(low) && Number.isFinite(high) ? range(show(low), show(high)) : notEnough,
    day: dated({ dateStyle: 'long' }, 10),
    month: (months) => monthOf(Date.UTC(Math.floor((months - 1) / 12), (months - 1) % 12)),
  };
}
