// Durations as they are written, kept and told; and added in a zone, over its clock changes.
import { describe, expect, it } from 'vitest';
import { createReckonings } from '../../engine/calendar.ts';
import { isZone, parseInstant } from '../../engine/calendar-zone.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { keepDuration, parseDuration, tellDuration } from '../../engine/duration.ts';

const reckonings = createReckonings({ ...emptyCatalogue, zone: 'Europe/Berlin' });
const reckon = (timezone: string | null) => reckonings({ contact: { timezone }, deal: null });

describe('a duration', () => {
  it.each([
    ['30m', 'PT30M', '30 minutes'],
    ['3d', 'P3D', '3 days'],
    ['1 day', 'P1D', '1 day'],
    ['2w', 'P14D', '14 days'],
    ['90 days', 'P90D', '90 days'],
    ['1 day 12 hours', 'P1DT12H', '1 day 12 hours'],
    ['2 months', 'P2M', '2 months'],
    ['1y', null, null],
    ['1 year', 'P12M', '12 months'],
    ['PT36H', 'PT36H', '36 hours'],
    ['P1W', 'P7D', '7 days'],
    ['2 business days', 'business P2D', '2 business days'],
    ['1 business hour', 'business PT1H', '1 business hour'],
    ['3 fortnights', null, null],
    ['soon', null, null],
    ['-3d', null, null],
    ['P', null, null],
    ['2 business months', null, null],
  ])('%s is kept as %s and told as %s', (text, kept, told) => {
    const duration = parseDuration(text);
    expect(duration === null ? null : keepDuration(duration)).toBe(kept);
    if (kept !== null) {
      expect(keepDuration(parseDuration(kept) ?? { months: 9, days: 9, ms: 9, isBusiness: false })).toBe(
        kept,
      );
      expect(tellDuration(kept)).toBe(told);
    }
  });
});

describe('adding a duration', () => {
  const at = (text: string) => Date.parse(text);

  it.each([
    ['Europe/Berlin', '2026-03-28T09:00+01:00', 'P1D', '2026-03-29T09:00+02:00'],
    ['Europe/Berlin', '2026-03-28T09:00+01:00', 'PT24H', '2026-03-29T10:00+02:00'],
    ['Europe/Berlin', '2026-03-28T02:30+01:00', 'P1D', '2026-03-29T03:30+02:00'],
    ['Europe/Berlin', '2026-10-24T02:30+02:00', 'P1D', '2026-10-25T02:30+02:00'],
    ['UTC', '2026-01-31T10:00Z', 'P1M', '2026-02-28T10:00Z'],
    ['Asia/Kathmandu', '2026-01-01T10:00Z', 'P1DT30M', '2026-01-02T10:30Z'],
  ])('in %s, %s and %s make %s', (zone, from, duration, to) => {
    expect(new Date(reckon(zone).add(at(from), duration)).toISOString()).toBe(new Date(at(to)).toISOString());
  });

  it('in no zone, or one that does not exist, is done in the company’s', () => {
    expect([null, 'Mars/Base', ''].map((zone) => reckon(zone).zone)).toEqual(Array(3).fill('Europe/Berlin'));
    expect(isZone('Europe/Moscow')).toBe(true);
  });

  it('tells an instant in words of the zone', () => {
    expect(reckon('Europe/Moscow').tell(at('2026-11-23T21:05Z'))).toBe('Tue 24 Nov 2026 00:05');
  });
});

it('an instant is read with an offset, or in the zone that is given', () => {
  const read = (text: string) => parseInstant(text, 'Europe/Berlin');
  expect(read('2026-12-01T10:00:00Z')).toBe(Date.UTC(2026, 11, 1, 10));
  expect(read('2026-12-01')).toBe(Date.UTC(2026, 10, 30, 23));
  expect([read('tomorrow'), read('2026-13-01'), read('')]).toEqual([null, null, null]);
});
