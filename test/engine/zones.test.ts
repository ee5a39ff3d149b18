// Time in every zone: our arithmetic against Temporal around every clock change of 2026 to 2030, one moment for each
// local day in every zone (trial F9), and open hours that are never left.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createReckonings } from '../../engine/calendar.ts';
import { createZone } from '../../engine/calendar-zone.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { addMonths, dateOf, dayNumberOf, isoDateOf, parseIsoDate, weekdayOf } from '../../engine/civil.ts';
import { day, hour, minute } from './fixture.ts';

const zones = Intl.supportedValuesOf('timeZone');
const [from, until] = [Date.UTC(2026, 0, 1), Date.UTC(2031, 0, 1)];
const reckon = createReckonings(emptyCatalogue);

function transitionsOf(zone: string): number[] {
  const found: number[] = [];
  let local = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next');
  for (; local && local.epochMilliseconds < until; local = local.getTimeZoneTransition('next'))
    found.push(local.epochMilliseconds);
  return found;
}
const transitions = new Map(zones.map((zone) => [zone, transitionsOf(zone)]));

function temporalLocal(zone: string, at: number) {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const ms = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000 + local.millisecond;
  return { day: dayNumberOf(local), ms };
}

it('knows the zones and clock changes that the trial is about', () => {
  expect(zones.length).toBeGreaterThan(400);
  expect([...transitions.values()].flat().length).toBeGreaterThan(1000);
});

describe('in every zone', () => {
  it('local time is what Temporal says, around every clock change', () => {
    for (const [name, changes] of transitions) {
      const zone = createZone(name);
      for (const at of [from, ...changes.flatMap((change) => [-1, 0, 1, hour].map((ms) => change + ms))]) {
        const { day: dayNumber, ms } = temporalLocal(name, at);
        expect([name, at, zone.toLocal(at)]).toEqual([name, at, { day: dayNumber, ms }]);
      }
    }
  });

  it('an instant is found from local time as Temporal does, also where that time is skipped or comes twice', () => {
    for (const [name, changes] of transitions) {
      const zone = createZone(name);
      for (const change of changes)
        for (const off of [-90, -60, -30, 0, 30, 60, 90, 180]) {
          const { day: dayNumber, ms } = zone.toLocal(change + off * minute);
          const plain = Temporal.PlainDateTime.from({ ...dateOf(dayNumber) }).add({
            milliseconds: ms + 30 * minute,
          });
          const expected = plain.toZonedDateTime(name).epochMilliseconds;
          const asked = { day: dayNumber, ms: ms + 30 * minute };
          expect([name, change, off, zone.toInstant(asked)]).toEqual([name, change, off, expected]);
        }
    }
  });

  it.each([0, 150, 180, 540, 1439])(
    '%d minutes into the day comes exactly once on each local day',
    (minutes) => {
      for (const [name, changes] of transitions) {
        const time = reckon({ contact: { timezone: name }, deal: null });
        const zone = createZone(name);
        for (const change of changes) {
          const days: number[] = [];
          for (let at = change - 3 * day; days.length < 6; days.push(zone.toLocal(at).day))
            at = time.next(at, [], minutes);
          const first = days[0] ?? 0;
          expect([name, days]).toEqual([name, days.map((_, i) => first + i)]);
        }
      }
    },
  );
});

describe('business time', () => {
  const at = (text: string) => Date.parse(text);
  const closed = {
    zone: 'contact',
    hours: { 1: [[540, 1080]] as const },
    exceptions: { '2026-11-30': [[540, 780]] as const },
  };
  const catalogue = { ...emptyCatalogue, calendars: { mondays: closed } };
  const berlin = createReckonings(catalogue)({ contact: { timezone: 'Europe/Berlin' }, deal: null });

  it.each([
    ['Friday morning and a business day', '2026-11-27T10:00+01:00', 'business P1D', '2026-11-30T10:00+01:00'],
    ['Friday evening and a business day', '2026-11-27T20:00+01:00', 'business P1D', '2026-12-01T09:00+01:00'],
    ['Saturday and two business days', '2026-11-28T12:00+01:00', 'business P2D', '2026-12-02T09:00+01:00'],
    [
      'Friday afternoon and two business hours',
      '2026-11-27T17:00+01:00',
      'business PT2H',
      '2026-11-30T10:00+01:00',
    ],
    [
      'a day of business hours ends with the day',
      '2026-11-27T09:00+01:00',
      'business PT9H',
      '2026-11-27T18:00+01:00',
    ],
    ['over a clock change', '2026-10-23T10:00+02:00', 'business P1D', '2026-10-26T10:00+01:00'],
    ['no time at night', '2026-11-27T03:00+01:00', 'business PT0S', '2026-11-27T09:00+01:00'],
  ])('%s', (_, start, duration, end) => {
    expect(new Date(berlin.add(at(start), duration)).toISOString()).toBe(new Date(at(end)).toISOString());
  });

  it('a half day closes early, and then the next open day is next', () => {
    expect(berlin.open(at('2026-11-30T12:00+01:00'), 'mondays')).toBe(at('2026-11-30T12:00+01:00'));
    expect(berlin.open(at('2026-11-30T13:00+01:00'), 'mondays')).toBe(at('2026-12-07T09:00+01:00'));
  });

  it('is in the zone that the calendar names', () => {
    const owners = { ...closed, zone: 'owner' };
    const reckonOwners = createReckonings({
      ...emptyCatalogue,
      calendars: { owners },
      people: { olga: { name: 'Olga', email: null, zone: 'Asia/Tokyo', away: [] } },
    });
    const time = reckonOwners({ contact: { timezone: 'Europe/Berlin' }, deal: { owner: 'olga' } });
    expect(new Date(time.open(at('2026-11-22T12:00Z'), 'owners')).toISOString()).toBe(
      '2026-11-23T00:00:00.000Z',
    );
  });

  it('from anywhere in any zone begins within hours, never before, and is stable', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: from, max: until }), (timezone, moment) => {
        const time = reckon({ contact: { timezone }, deal: null });
        const open = time.open(moment, 'business hours');
        expect(open).toBeGreaterThanOrEqual(moment);
        expect(time.open(open, 'business hours')).toBe(open);
        const { day: dayNumber, ms } = createZone(timezone).toLocal(open);
        expect(weekdayOf(dayNumber)).toBeLessThan(6);
        expect(ms).toBeGreaterThanOrEqual(9 * hour);
        expect(ms).toBeLessThan(18 * hour);
      }),
      { numRuns: 300 },
    );
  });
});

describe('dates', () => {
  it('go to day numbers and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (number) => {
        expect(dayNumberOf(dateOf(number))).toBe(number);
        expect(isoDateOf(number)).toBe(new Date(number * day).toISOString().replace(/^\+00|T.*/g, ''));
        expect(weekdayOf(number)).toBe(new Date(number * day).getUTCDay() || 7);
      }),
    );
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2027-01-31', 13, '2028-02-29'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-05-31', -3, '2026-02-28'],
  ])('%s and %d months is %s', (start, months, end) => {
    expect(isoDateOf(addMonths(parseIsoDate(start) ?? 0, months))).toBe(end);
    expect(parseIsoDate('2026-02-30')).toBeNull();
  });
});
