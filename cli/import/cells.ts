// Cells of an export to values: dates as people write them, numbers with their separators.
// Promises: what cannot be read is said, never guessed: 31/02/2026 is no date, "1.234,50" is a number only where the
// map says that the comma is the decimal mark.

/** A cell that could not be read, in words that finish "column X: ...". */
export interface Unreadable {
  readonly unreadable: string;
}

export type DatePattern = string;

const tokens: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};
const tokenPattern = /YYYY|MM|M|DD|D|HH|H|mm|ss/g;

/** Which tokens a pattern must have; null where it is one. */
export function checkPattern(pattern: DatePattern): string | null {
  const used: string[] = pattern.match(tokenPattern) ?? [];
  const has = (letter: string) => used.filter((token) => token.startsWith(letter)).length === 1;
  return has('Y') && has('M') && has('D')
    ? null
    : 'names a year (YYYY), a month (M or MM) and a day (D or DD), once each';
}

/** A reader of dates in the given patterns; ISO 8601 is always read. `toInstant` puts a local time into a zone. */
export function dateReader(
  patterns: readonly DatePattern[],
  toInstant: (local: string) => number | null,
): (cell: string) => number | Unreadable {
  const shapes = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replace(tokenPattern, (token) => tokens[token] ?? token)}$`);
  });
  return (cell) => {
    const text = cell.trim();
    const found = shapes.map((shape) => shape.exec(text)?.groups).find((groups) => groups !== undefined);
    const at = found ? toInstant(isoOf(found)) : /^\d{4}-\d\d-\d\d/.test(text) ? toInstant(text) : null;
    return (
      at ?? { unreadable: `"${text}" is no date of the form ${[...patterns, 'YYYY-MM-DD'].join(' or ')}` }
    );
  };
}

function isoOf(groups: Readonly<Record<string, string>>): string {
  const two = (name: string) => (groups[name] ?? '0').padStart(2, '0');
  return `${groups.year}-${two('month')}-${two('day')}T${two('hour')}:${two('minute')}:${two('second')}`;
}

/** Plain decimals, thousands grouped by space, apostrophe or the mark that is not the decimal one. */
export function readNumber(cell: string, decimal: '.' | ','): number | Unreadable {
  const grouping = decimal === '.' ? ',' : '.';
  const text = cell.trim().replace(/^[\p{Sc}\s]+|[\p{Sc}\s]+$/gu, '');
  const groups = new RegExp(
    `^[-+]?(\\d+|\\d{1,3}([${grouping}'\\s\\u00a0\\u202f]\\d{3})+)(\\${decimal}\\d+)?$`,
  );
  if (!groups.test(text))
    return { unreadable: `"${cell.trim()}" is no number with "${decimal}" as its decimal mark` };
  return Number(text.replace(new RegExp(`[${grouping}'\\s\\u00a0\\u202f]`, 'g'), '').replace(decimal, '.'));
}

export function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object' && value !== null && 'unreadable' in value;
}
