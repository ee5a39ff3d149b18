// When a mail may leave: the workflow's window, the quiet hours and a pause, together and in the contact's zone.
import { describe, expect, it } from 'vitest';
import { createReckonings } from '../../engine/calendar.ts';
import { type Catalogue, emptyCatalogue } from '../../engine/catalogue.ts';
import { opensAt } from '../../engine/leaving.ts';
import { emptyPolicy } from '../../engine/policy.ts';

const awake = Object.fromEntries([1, 2, 3, 4, 5, 6].map((day) => [day, [[8 * 60, 21 * 60] as const]]));
const catalogue: Catalogue = { ...emptyCatalogue, policy: { ...emptyPolicy, awake } };
const evenings: Catalogue = {
  ...catalogue,
  calendars: { evenings: { zone: 'contact', hours: { 1: [[20 * 60, 23 * 60]] }, exceptions: {} } },
};
const never: Catalogue = {
  ...catalogue,
  calendars: { nights: { zone: 'contact', hours: { 1: [[22 * 60, 23 * 60]] }, exceptions: {} } },
};
const at = (text: string) => Date.parse(text);
function opens(
  now: string,
  said: { topic?: string | null; window?: string; contact?: object; in?: Catalogue } = {},
) {
  const { topic = 'marketing', window = null, contact = {} } = said;
  const facts = { contact: { timezone: 'Europe/Moscow', ...contact }, deal: null };
  const opening = opensAt(at(now), { topic, window }, facts, createReckonings(said.in ?? catalogue)(facts));
  return { at: new Date(opening.at).toISOString(), why: opening.why };
}

describe('a marketing mail', () => {
  it('leaves at once while nothing is against it', () => {
    expect(opens('2026-11-23T10:00:00Z')).toEqual({ at: '2026-11-23T10:00:00.000Z', why: null });
  });

  it('waits for the quiet hours of the contact to end, over a quiet Sunday too', () => {
    expect(opens('2026-11-23T19:30:00Z')).toEqual({
      at: '2026-11-24T05:00:00.000Z',
      why: 'waits for the quiet hours to end until Tue 24 Nov 2026 08:00',
    });
    expect(opens('2026-11-28T18:30:00Z').at).toBe('2026-11-30T05:00:00.000Z');
    expect(opens('2026-11-23T19:30:00Z', { contact: { timezone: 'America/New_York' } }).why).toBeNull();
  });

  it('leaves where its window and the waking hours are open together', () => {
    expect(opens('2026-11-23T21:30:00Z', { in: evenings, window: 'evenings' }).at).toBe(
      '2026-11-30T17:00:00.000Z',
    );
  });

  it('waits for the end of a pause, and then for the morning', () => {
    const contact = { paused_until: at('2026-12-01T23:00:00Z') };
    expect(opens('2026-11-23T10:00:00Z', { contact }).at).toBe('2026-12-02T05:00:00.000Z');
  });

  it('waits while a colleague has a task that holds it', () => {
    const contact = { held_until: at('2026-12-01T10:00:00Z') };
    expect(opens('2026-11-23T10:00:00Z', { contact })).toEqual({
      at: '2026-12-01T10:00:00.000Z',
      why: 'waits for a colleague’s task to be closed until Tue 1 Dec 2026 13:00',
    });
    expect(opens('2026-11-23T10:00:00Z', { contact, topic: null }).why).toBeNull();
  });

  it('that could never leave is a fault that says so', () => {
    expect(() => opens('2026-11-23T10:00:00Z', { in: never, window: 'nights' })).toThrow(
      'never leave a moment open',
    );
  });
});

it('a transactional mail knows neither quiet hours nor pauses, and keeps to its window', () => {
  const contact = { paused_until: at('2027-01-01T00:00:00Z') };
  expect(opens('2026-11-23T21:30:00Z', { topic: null, contact }).why).toBeNull();
  expect(opens('2026-11-23T21:30:00Z', { topic: null, contact, window: 'business hours' })).toEqual({
    at: '2026-11-24T06:00:00.000Z',
    why: 'waits for business hours until Tue 24 Nov 2026 09:00',
  });
});
