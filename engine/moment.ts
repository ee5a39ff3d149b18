// Moments that time alone brings, as they are written: `next business hours`, `tuesday 09:00`,
// `deal.renewal_on - 7d`. A moment that hangs on a fact follows the fact: where it is not known, there is none.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import { keepDuration, parseDuration } from './duration.ts';
import { kindWords } from './kind-words.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { Facts, Json, Reckoning } from './step.ts';
import { parseTime, parseWeekdays } from './weekday.ts';

export type Moment =
  | { readonly is: 'open'; readonly calendar: string }
  | { readonly is: 'weekly'; readonly weekdays: readonly number[]; readonly minutes: number }
  | FactMoment;

export interface FactMoment {
  readonly is: 'fact';
  /** `deal.renewal_on`. */
  readonly fact: string;
  readonly sign: 1 | -1;
  readonly duration: string;
  /** The time of day to move to; null: that of the fact. */
  readonly minutes: number | null;
}

/** A date without a time of day means this one. */
const morning = 9 * 60;

export interface MomentScope {
  readonly catalogue: Catalogue;
  readonly hasDeal: boolean;
  readonly report: Report;
}

/** null where the text is no moment, which has been reported. */
export function readMoment(at: Located, scope: MomentScope): Moment | null {
  const text = String(at.value).trim().replace(/\s+/g, ' ');
  const calendar = /^next (?<name>.+)$/.exec(text)?.groups?.name;
  const known = calendarsOf(scope.catalogue);
  if (calendar !== undefined && known.includes(calendar)) {
    if (!opensEver(calendar, scope.catalogue))
      scope.report('endless-wait', at, `\`${calendar}\` never opens`, 'give it `hours:` on some weekday');
    return { is: 'open', calendar };
  }
  const weekly = readWeekly(text.replace(/^next /, ''));
  if (weekly !== null) return weekly;
  if (calendar !== undefined) {
    scope.report('unknown-calendar', at, `there is no calendar \`${calendar}\``, suggest(calendar, known));
    return null;
  }
  const parts =
    /^(?<fact>(contact|deal)\.[a-z0-9_]+)(?: ?(?<sign>[-+]) ?(?<duration>.+?))?(?: at (?<time>[\d:]+))?$/.exec(
      text,
    )?.groups;
  if (parts?.fact !== undefined) {
    const { fact, sign, duration = 'PT0S', time } = parts;
    return readFactMoment(at, { fact, sign: sign === '-' ? -1 : 1, duration, time }, scope);
  }
  const hint = 'write `next business hours`, `tuesday 09:00`, or `deal.renewal_on - 7d`';
  scope.report('bad-moment', at, `\`${text}\` is no moment`, hint);
  return null;
}

/** `monday at 09:00`, `mon-fri 18:30`. */
export function readWeekly(text: string): Extract<Moment, { is: 'weekly' }> | null {
  const parts = /^(?<days>.+?)(?: at)? (?<time>\d{1,2}:\d{2})$/.exec(text)?.groups;
  const weekdays = parseWeekdays(parts?.days ?? '');
  const minutes = parseTime(parts?.time ?? '');
  return weekdays === null || minutes === null ? null : { is: 'weekly', weekdays, minutes };
}

interface FactParts {
  readonly fact: string;
  readonly sign: 1 | -1;
  readonly duration: string;
  readonly time?: string | undefined;
}

export function readFactMoment(at: Located, parts: FactParts, scope: MomentScope): FactMoment | null {
  const { fact, sign, time } = parts;
  const duration = parseDuration(parts.duration);
  const minutes = time === undefined ? null : parseTime(time);
  const [owner, name] = fact.split('.') as ['contact' | 'deal', string];
  const types = scope.catalogue.facts[owner];
  const instants = Object.keys(types).filter((each) => types[each] === 'instant');
  const { report } = scope;
  if (!instants.includes(name))
    report(
      'unknown-fact',
      at,
      types[name] === undefined
        ? `\`${owner}\` has no instant \`${name}\``
        : `${fact} is ${kindWords[String(types[name])] ?? 'a group of facts'}, and a moment needs an instant`,
      suggest(name, instants) ?? 'declare it in facts.yaml',
    );
  else if (owner === 'deal' && !scope.hasDeal)
    report(
      'no-deal',
      at,
      'this workflow runs for a contact without a deal',
      'begin it with an event of a deal',
    );
  else if (duration === null || (duration.isBusiness && sign < 0))
    report(
      'bad-duration',
      at,
      `\`${parts.duration}\` cannot be counted ${sign < 0 ? 'back' : 'on'}`,
      'write 7d or 2 weeks',
    );
  else if (time !== undefined && minutes === null)
    report('bad-moment', at, `\`${time}\` is no time of day`, 'write 09:00');
  else return { is: 'fact', fact, sign, duration: keepDuration(duration), minutes };
  return null;
}

/** The first such moment after `after`; one that hangs on a fact comes once, so it may have passed. */
export function momentAfter(moment: Moment, facts: Facts, time: Reckoning, after: number): number | null {
  if (moment.is === 'open') return time.open(after, moment.calendar);
  if (moment.is === 'weekly') return time.next(after, moment.weekdays, moment.minutes);
  return momentOfFact(moment, facts, time);
}

export function momentOfFact(
  { fact, sign, duration, minutes }: FactMoment,
  facts: Facts,
  time: Reckoning,
): number | null {
  const value = factAt(fact, facts);
  const at = value === undefined ? null : time.instant(value);
  if (at === null) return null;
  const isDate = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  const ofDay = minutes ?? (isDate ? morning : null);
  const moved = time.add(at, duration, sign);
  return ofDay === null ? moved : time.onDayOf(moved, ofDay);
}

function factAt(path: string, { contact, deal }: Facts): Json | undefined {
  const [owner, name] = path.split('.');
  return (owner === 'contact' ? contact : deal)?.[name ?? ''];
}

/** The calendars that may be named; business hours are always there. */
export function calendarsOf(catalogue: Catalogue): string[] {
  return [...new Set([...Object.keys(catalogue.calendars), 'business hours'])];
}

/** False where no weekday has hours: holidays alone open nothing. */
export function opensEver(name: string, { calendars }: Catalogue): boolean {
  const calendar = calendars[name];
  return calendar === undefined || Object.values(calendar.hours).some((spans) => spans.length > 0);
}
