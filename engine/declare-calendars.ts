// calendars/*.yaml: when a calendar is open, by weekday and by date. One that only lists dates (holidays, half days)
// is included by others, so that a year of holidays is a file of its own.
import { z } from 'zod';
import { isZone } from './calendar-zone.ts';
import type { Calendar, OpenSpan } from './catalogue.ts';
import { parseIsoDate } from './civil.ts';
import { defineDeclaration, type Read } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import { parseSpans, parseWeekdays } from './weekday.ts';

const shape = z.strictObject({
  calendar: z
    .string()
    .min(1, 'must not be empty')
    .describe('Its name, as `send_window:` and `next ...` say it.'),
  zone: z
    .string()
    .optional()
    .describe('`contact` (default), `owner`, `company`, or an IANA zone such as Europe/Moscow.'),
  hours: z
    .record(z.string(), z.string())
    .optional()
    .describe('By weekday (`monday-friday`, `sat`): `09:00-13:00, 14:00-18:00`.'),
  days: z
    .record(z.string(), z.string())
    .optional()
    .describe('By date: `closed`, or the hours of a half day or a moved one.'),
  include: z.array(z.string()).optional().describe('Calendars whose `days` hold here too.'),
});
type Source = z.output<typeof shape>;

export const calendarsDeclaration = defineDeclaration({
  file: 'calendars/*.yaml',
  doc: {
    text: 'When something may happen: open hours by weekday, holidays and half days by date. `business hours` is the calendar that business days and hours count in; where no file defines it, it is Monday to Friday, nine to six, in the contact’s zone.',
    example:
      'calendar: business hours\nzone: contact\nhours:\n  monday-friday: 09:00-13:00, 14:00-18:00\ndays:\n  2026-12-25: closed\n  2026-12-31: 09:00-13:00\n',
  },
  shape,
  read(files, catalogue, report) {
    const days = new Map<string, Calendar['exceptions']>();
    for (const file of files) {
      if (days.has(file.source.calendar))
        report(
          'wrong-value',
          file.root.keys.get('calendar')?.value ?? file.root,
          'another file defines this calendar',
        );
      days.set(file.source.calendar, readDays(file, report));
    }
    const calendars: Record<string, Calendar> = {};
    for (const file of files) calendars[file.source.calendar] = readCalendar(file, days, report);
    return { ...catalogue, calendars };
  },
});

function readCalendar(
  { source, root }: Read<Source>,
  days: ReadonlyMap<string, Calendar['exceptions']>,
  report: Report,
): Calendar {
  const zone = source.zone ?? 'contact';
  if (!['contact', 'owner', 'company'].includes(zone) && !isZone(zone))
    report(
      'wrong-value',
      root.keys.get('zone')?.value ?? root,
      `\`${zone}\` is no zone`,
      'write contact, owner, company, or an IANA zone',
    );
  const hours: Record<number, readonly OpenSpan[]> = {};
  for (const [text, { key, value }] of root.keys.get('hours')?.value.keys ?? []) {
    const weekdays = parseWeekdays(text);
    if (weekdays === null)
      report('wrong-value', key, `\`${text}\` is no weekday`, 'write monday, sat, or mon-fri');
    for (const weekday of weekdays ?? []) hours[weekday] = readSpans(value, report);
  }
  const included = (root.keys.get('include')?.value.items ?? []).map((at) => {
    const found = days.get(String(at.value));
    if (found === undefined)
      report(
        'unknown-calendar',
        at,
        `there is no calendar \`${at.value}\``,
        suggest(String(at.value), days.keys()),
      );
    return found ?? {};
  });
  return { zone, hours, exceptions: Object.assign({}, ...included, days.get(source.calendar)) };
}

function readDays({ root }: Read<Source>, report: Report): Calendar['exceptions'] {
  const read: Record<string, readonly OpenSpan[]> = {};
  for (const [date, { key, value }] of root.keys.get('days')?.value.keys ?? []) {
    if (parseIsoDate(date) === null) report('wrong-value', key, `\`${date}\` is no date`, 'write 2026-12-31');
    read[date] = readSpans(value, report);
  }
  return read;
}

function readSpans(at: Located, report: Report): readonly OpenSpan[] {
  const spans = parseSpans(String(at.value));
  if (spans === null)
    report(
      'wrong-value',
      at,
      `\`${at.value}\` are no hours`,
      'write closed, 09:00-18:00, or 09:00-13:00, 14:00-18:00',
    );
  return spans ?? [];
}
