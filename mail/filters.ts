// The filters that templates have: those of liquidjs that are safe and need no clock, and our own that write numbers,
// money, days and times the way the reader does.
import type { Liquid } from 'liquidjs';
import { writeDay, writeTime } from './filters-time.ts';

export const KEPT_FILTERS = [
  ...[
    'default',
    'upcase',
    'downcase',
    'capitalize',
    'strip',
    'truncate',
    'truncatewords',
    'append',
    'prepend',
  ],
  ...[
    'replace',
    'remove',
    'split',
    'join',
    'first',
    'last',
    'size',
    'slice',
    'sort',
    'uniq',
    'reverse',
    'map',
    'where',
  ],
  ...[
    'plus',
    'minus',
    'times',
    'divided_by',
    'modulo',
    'round',
    'ceil',
    'floor',
    'abs',
    'at_least',
    'at_most',
  ],
  ...['url_encode', 'date'],
];
export const FILTER_NAMES: readonly string[] = [...KEPT_FILTERS, 'number', 'money', 'day', 'time'].sort();

export function registerOwn(liquid: Liquid, date: Liquid['filters'][string] | undefined): void {
  if (typeof date !== 'function') throw new Error('liquidjs has no date filter any more');
  // `now` and `today` would read the clock: a mail composed twice would differ.
  liquid.registerFilter('date', function (value: unknown, ...rest) {
    return value === 'now' || value === 'today' ? '' : date.call(this, value, ...rest);
  });
  // liquidjs writes a space as `+`, which is one only in a form: in a path or a mailto: link it stays a plus.
  liquid.registerFilter('url_encode', (value: unknown) =>
    encodeURIComponent(String(value ?? '').replace(/\p{Surrogate}/gu, '\ufffd')),
  );
  liquid.registerFilter('day', function (value: unknown) {
    return writeDay(value, ...readerOf(this.context));
  });
  liquid.registerFilter('time', function (value: unknown) {
    return writeTime(value, ...readerOf(this.context));
  });
  liquid.registerFilter('number', function (value: unknown, digits: unknown) {
    return formatted(value, localeOf(this.context.getSync(['locale'])), {
      maximumFractionDigits: count(digits, 2),
    });
  });
  liquid.registerFilter('money', function (value: unknown, currency: unknown) {
    const code =
      typeof currency === 'string' && /^[A-Za-z]{3}$/.test(currency) ? currency.toUpperCase() : null;
    const style = code === null ? {} : ({ style: 'currency', currency: code } as const);
    const isWhole = Number.isInteger(Number(value));
    return formatted(value, localeOf(this.context.getSync(['locale'])), {
      ...style,
      minimumFractionDigits: isWhole ? 0 : 2,
      maximumFractionDigits: 2,
    });
  });
}

/** The locale and the zone of whoever will read this. */
function readerOf(context: { getSync(path: string[]): unknown }): [string, unknown] {
  return [localeOf(context.getSync(['locale'])), context.getSync(['contact', 'timezone'])];
}

const formats = new Map<string, Intl.NumberFormat>();

function formatted(value: unknown, locale: string, options: Intl.NumberFormatOptions): string {
  if (value === null || value === undefined || value === '' || !Number.isFinite(Number(value))) return '';
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format.format(Number(value));
}

function localeOf(value: unknown): string {
  return typeof value === 'string' && Intl.NumberFormat.supportedLocalesOf(value).length > 0 ? value : 'en';
}

function count(value: unknown, fallback: number): number {
  return Number.isInteger(value) ? Math.min(20, Math.max(0, Number(value))) : fallback;
}
