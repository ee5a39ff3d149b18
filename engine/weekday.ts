// Weekdays and times of day as they are written: `monday`, `mon-fri`, `weekday`, `09:00`, `22:00-08:00`.
import type { OpenSpan } from './catalogue.ts';

const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const groups: { readonly [name: string]: readonly number[] } = {
  day: [1, 2, 3, 4, 5, 6, 7],
  weekday: [1, 2, 3, 4, 5],
  weekend: [6, 7],
};

/** Numbers from 1 (Monday), in order; null where a word is no weekday. */
export function parseWeekdays(text: string): number[] | null {
  const found: number[] = [];
  for (const part of text.toLowerCase().split(/[\s,]+/)) {
    const group = groups[part.replace(/s$/, '')];
    const [from, to] = part.split('-').map(weekdayOf);
    if (group !== undefined) found.push(...group);
    else if (from == null || to === null) return null;
    else for (let day = from; ; day = (day % 7) + 1) if (found.push(day) && day === (to ?? from)) break;
  }
  return [...new Set(found)].sort();
}

/** Full names, or their first three letters. */
function weekdayOf(name: string): number | null {
  const index = names.findIndex((each) => each === name || each.slice(0, 3) === name);
  return index < 0 ? null : index + 1;
}

/** Minutes from midnight of `09:00`, up to `24:00`; null where it is no time of day. */
export function parseTime(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes <= 1440 && Number(match[2]) < 60 ? minutes : null;
}

/** Spans of `09:00-13:00, 14:00-18:00`, in order; `closed` is none. One that ends before it begins ends the next day. */
export function parseSpans(text: string): OpenSpan[] | null {
  if (text.trim() === 'closed') return [];
  const spans: OpenSpan[] = [];
  for (const part of text.split(',')) {
    const [from, to, ...more] = part.split('-').map(parseTime);
    if (from == null || to == null || more.length > 0 || from === to) return null;
    spans.push([from, to < from ? to + 1440 : to]);
  }
  spans.sort((a, b) => a[0] - b[0]);
  return spans.some((span, i) => i > 0 && span[0] < (spans[i - 1]?.[1] ?? 0)) ? null : spans;
}
