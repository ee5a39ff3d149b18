// Days of a story: `day 3`, `day 3 10:00`. Day 0 is the local day on which the story starts, in the contact's zone; the
// others are the days of the calendar after it, so that `day 2` is Wednesday wherever the clocks change between.

import type { Reckoning } from './step.ts';
import { parseTime } from './weekday.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const noon = 12 * 60;

export interface Day {
  readonly day: number;
  /** Of the local day; null: not said. */
  readonly minutes: number | null;
}

/** null where the text is no day. Days before the start are for dates alone. */
export function parseDay(text: string): Day | null {
  const match = /^day (?<day>-?\d{1,4})(?:,? (?:at )?(?<time>\d{1,2}:\d{2}))?$/.exec(
    text.trim().replace(/\s+/g, ' '),
  );
  if (match?.groups === undefined) return null;
  const { day, time } = match.groups;
  const minutes = time === undefined ? null : parseTime(time);
  return time !== undefined && minutes === null ? null : { day: Number(day), minutes };
}

/** What has no time of day happens at noon; on the first day, an hour after the start. */
export function instantOn({ day, minutes }: Day, startsAt: number, time: Reckoning): number {
  if (minutes === null && day === 0) return startsAt + hourMs;
  const there = time.add(startsAt, `P${Math.abs(day)}D`, day < 0 ? -1 : 1);
  return time.onDayOf(there, minutes ?? noon);
}

export function dayOf(at: number, startsAt: number, time: Reckoning): number {
  return Math.round((time.onDayOf(at, 0) - time.onDayOf(startsAt, 0)) / dayMs);
}

/** An instant that a story gives a fact: `day 90` is a date, `day 3 10:00` an instant, as a CRM writes them. */
export function factOn(day: Day, startsAt: number, time: Reckoning): string {
  const at = instantOn({ ...day, minutes: day.minutes ?? noon }, startsAt, time);
  return day.minutes === null ? time.date(at) : new Date(at).toISOString();
}
