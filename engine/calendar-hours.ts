// Open hours: whether a calendar is open on a day, the next moment at which it is, and business durations.
// A business day is a day on which the calendar opens at all; "n business days" counts from the next open moment, keeps
// the time of day, and where that is closed on the last day, moves to the next open moment.

import type { LocalTime, Zone } from './calendar-zone.ts';
import type { Calendar, OpenSpan } from './catalogue.ts';
import { isoDateOf, weekdayOf } from './civil.ts';
import type { Duration } from './duration.ts';

const minuteMs = 60_000;
/** A calendar that opens on no day of a year never does; asking it is a mistake that lint tells. */
const maxClosedDays = 400;

/** What holds where no calendar of that name is declared: Monday to Friday, nine to six, in the contact's zone. */
export const businessHours: Calendar = {
  zone: 'contact',
  hours: Object.fromEntries([1, 2, 3, 4, 5].map((weekday) => [weekday, [[9 * 60, 18 * 60]]])),
  exceptions: {},
};

function spansOn(calendar: Calendar, day: number): readonly OpenSpan[] {
  return calendar.exceptions[isoDateOf(day)] ?? calendar.hours[weekdayOf(day)] ?? [];
}

/** The first instant from `at` on at which the calendar is open; `at` itself where it is open already. */
export function nextOpen(calendar: Calendar, zone: Zone, at: number): number {
  const { day: today } = zone.toLocal(at);
  // A span of yesterday may reach into today where it ends after midnight (22:00-26:00).
  for (let day = today - 1; day <= today + maxClosedDays; day++)
    for (const { from, to } of instantsOn(calendar, zone, day)) if (to > at) return Math.max(from, at);
  throw new Error(`this calendar does not open within ${maxClosedDays} days`);
}

export function addBusiness(calendar: Calendar, zone: Zone, at: number, { days, ms }: Duration): number {
  let moment = nextOpen(calendar, zone, at);
  if (days > 0) {
    const local = zone.toLocal(moment);
    moment = nextOpen(calendar, zone, zone.toInstant({ ...local, day: dayAfter(calendar, local, days) }));
  }
  return ms === 0 ? moment : addOpenTime(calendar, zone, moment, ms);
}

/** The day on which the n-th business day after this one falls. */
function dayAfter(calendar: Calendar, { day }: LocalTime, days: number): number {
  let found = day;
  for (let left = days, closed = 0; left > 0; closed++) {
    if (closed > maxClosedDays + days)
      throw new Error(`this calendar does not open within ${maxClosedDays} days`);
    found += 1;
    if (spansOn(calendar, found).length > 0) [left, closed] = [left - 1, 0];
  }
  return found;
}

function addOpenTime(calendar: Calendar, zone: Zone, at: number, ms: number): number {
  let left = ms;
  const { day: today } = zone.toLocal(at);
  for (let day = today - 1, closed = 0; closed <= maxClosedDays; day++, closed++)
    for (const { from, to } of instantsOn(calendar, zone, day)) {
      if (to <= at) continue;
      const start = Math.max(from, at);
      if (to - start >= left) return start + left;
      [left, closed] = [left - (to - start), 0];
    }
  throw new Error(`this calendar does not open within ${maxClosedDays} days`);
}

function instantsOn(calendar: Calendar, zone: Zone, day: number): { from: number; to: number }[] {
  return spansOn(calendar, day).map(([from, to]) => ({
    from: zone.toInstant(onDay(day, from)),
    to: zone.toInstant(onDay(day, to)),
  }));
}

/** 24:00 is the midnight that ends the day. */
export function onDay(day: number, minutes: number): LocalTime {
  return { day: day + Math.floor(minutes / 1440), ms: (minutes % 1440) * minuteMs };
}
