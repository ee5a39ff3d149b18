// From a country's holidays to the days of a calendar file: closed days, half days, and what a country's law makes of a
// holiday that falls on a weekend or of the day before one. What only a yearly decree decides is not here; the file says so.
import { dateOf, isoDateOf, parseIsoDate, weekdayOf } from './civil.ts';

/** One holiday as the data has it: local date, how many days, and the time of day from which it holds (0: all day). */
export interface Holiday {
  readonly date: string;
  readonly days: number;
  readonly fromMinutes: number;
  readonly name: string;
}

/** The usual working day, in minutes. */
export interface WorkingDay {
  readonly opens: number;
  readonly closes: number;
}

interface Law {
  /** A holiday on a Saturday or Sunday closes the next working day, but for those in January. */
  readonly movesWeekends: boolean;
  /** Minutes by which the working day before a holiday is shorter. */
  readonly shortens: number;
  /** What is decided year by year, and has to be added by hand. */
  readonly notCovered: readonly string[];
}

/** Labour Code of the Russian Federation, articles 112 (moves) and 95 (short days). */
const laws: { readonly [country: string]: Law } = {
  RU: {
    movesWeekends: true,
    shortens: 60,
    notCovered: [
      'Moved and shortened by articles 112 and 95 of the Labour Code. Not covered: days off that the government moves by',
      'decree, among them those for the January holidays that fall on a weekend; and days of single regions.',
    ],
  },
};
const plain: Law = {
  movesWeekends: false,
  shortens: 0,
  notCovered: ['Not covered: days of single regions (name one: DE-BY), of single companies and trades.'],
};

export function lawOf(country: string): Law {
  return laws[country] ?? plain;
}

export interface CalendarDay {
  readonly date: string;
  /** `closed`, or the hours that are left. */
  readonly hours: string;
  readonly name: string;
}

/** The days of the year that differ from any other of their weekday, in order. */
export function calendarDays(
  holidays: readonly Holiday[],
  year: number,
  country: string,
  working: WorkingDay,
): CalendarDay[] {
  const law = lawOf(country);
  const closed = closedDays(holidays);
  const official = [...closed.keys()].sort((a, b) => a - b);
  if (law.movesWeekends) for (const day of official) moveWeekend(day, closed);
  const short = new Map([...shortDays(official, law, working), ...halfDays(holidays, working)]);
  for (const day of closed.keys()) short.delete(day);
  const days = [...closed].map(([day, name]): [number, Short] => [day, { hours: 'closed', name }]);
  return [...days, ...short]
    .filter(([day]) => dateOf(day).year === year)
    .sort(([a], [b]) => a - b)
    .map(([day, one]) => ({ date: isoDateOf(day), ...one }));
}

type Short = Omit<CalendarDay, 'date'>;

/** By day number, the name of the first holiday on it. */
function closedDays(holidays: readonly Holiday[]): Map<number, string> {
  const all = holidays
    .filter(({ fromMinutes }) => fromMinutes === 0)
    .flatMap(({ date, days, name }) =>
      Array.from({ length: days }, (_, n): [number, string] => [(parseIsoDate(date) ?? 0) + n, name]),
    );
  return new Map(all.reverse());
}

function halfDays(holidays: readonly Holiday[], { opens, closes }: WorkingDay): [number, Short][] {
  return holidays
    .filter(({ fromMinutes }) => fromMinutes > opens && fromMinutes < closes)
    .map(({ date, fromMinutes, name }) => [
      parseIsoDate(date) ?? 0,
      { hours: `${clock(opens)}-${clock(fromMinutes)}`, name },
    ]);
}

function shortDays(official: readonly number[], law: Law, { opens, closes }: WorkingDay): [number, Short][] {
  const hours = `${clock(opens)}-${clock(closes - law.shortens)}`;
  return official
    .map((day) => day - 1)
    .filter((day) => law.shortens > 0 && weekdayOf(day) < 6)
    .map((day) => [day, { hours, name: 'the day before a holiday' }]);
}

function moveWeekend(day: number, closed: Map<number, string>): void {
  if (weekdayOf(day) < 6 || dateOf(day).month === 1) return;
  let next = day + 1;
  while (weekdayOf(next) > 5 || closed.has(next)) next++;
  closed.set(next, `${closed.get(day)} (moved)`);
}

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The text of a calendar file; comments tell each day's name. */
export function writeCalendar(
  name: string,
  heading: readonly string[],
  days: readonly CalendarDay[],
): string {
  const lines = days.map(({ date, hours, name: of }) => `  ${date}: ${hours} # ${of.replace(/\s+/g, ' ')}`);
  return `${[
    '# yaml-language-server: $schema=./schema.json',
    ...heading.map((line) => `# ${line}`),
    `calendar: ${name}`,
    ...(lines.length === 0 ? ['days: {}'] : ['days:', ...lines]),
  ].join('\n')}\n`;
}
