import { describe, expect, it } from 'vitest';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import { defaultLimits } from '../../web/deps.ts';
import { checkEvent } from '../../web/event-check.ts';
import { shapeOf } from '../../web/event-shape.ts';

const now = Date.parse('2026-11-23T10:01:00Z');
const facts = {
  contact: { ...emptyCatalogue.facts.contact, seats: 'number', plan: 'text', score: { '*': 'number' } },
  deal: { renewal_on: 'instant' },
} as const;
const good = {
  id: 'crm-1042-7',
  type: 'deal.stage_changed',
  at: '2026-11-23T10:00:00Z',
  contact: {
    id: 'c-17',
    email: 'anna@acme.example',
    first_name: 'Anna',
    locale: 'ru',
    timezone: 'Europe/Moscow',
    consent: { marketing: true },
  },
  deal: {
    id: 'd-1042',
    pipeline: 'sales',
    stage: 'Qualification',
    title: 'Pumps',
    amount: 12_000,
    currency: 'EUR',
    owner: 'olga',
  },
};
const { deal: _deal, ...plain } = { ...good, type: 'form.submitted' };
const check = (event: unknown) => checkEvent(event, shapeOf(facts), now, defaultLimits);
const withContact = (more: object) => ({ ...plain, contact: { ...plain.contact, ...more } });
const withDeal = (more: object) => ({ ...good, deal: { ...good.deal, ...more } });

it('the example of the API is sound, and its instant becomes milliseconds', () => {
  expect(check(good)).toEqual({ input: { ...good, at: now - 60_000 }, note: null });
});

describe('what is sound', () => {
  it.each([
    ['an offset', { ...plain, at: '2026-11-23T13:00:00+03:00' }],
    ['fractions of a second', { ...plain, at: '2026-11-23T09:00:00.123456Z' }],
    ['a clock a little ahead of ours', { ...plain, at: '2026-11-23T10:05:59Z' }],
    ['a field that is emptied', withContact({ email: null, company: null })],
    ['declared fields', withContact({ seats: 12, plan: 'pro' })],
    ['a day as a fact', withDeal({ renewal_on: '2027-02-28' })],
    ['an old name of a time zone', withContact({ timezone: 'Asia/Calcutta' })],
    ['UTC', withContact({ timezone: 'UTC' })],
    ['a locale with a region', withContact({ locale: 'de-AT' })],
    ['a name in any script', withContact({ first_name: 'Анна', last_name: '李' })],
    ['a reply that a help desk saw', { ...plain, type: 'mail.replied' }],
    ['a type of its own', { ...plain, type: 'contact.created' }],
    ['data of its own', { ...plain, data: { form: 'demo', fields: { size: 3 } } }],
    ['a contact with nothing but an id', { ...plain, contact: { id: 'c-1' } }],
  ])('%s', (_what, event) => {
    expect(check(event)).toHaveProperty('input');
  });
});

it('an event from the future is taken as of now, and says so: believed, it would outlast every later one', () => {
  expect(check({ ...plain, at: '2062-11-23T10:00:00Z' })).toMatchObject({
    input: { at: now },
    note: { path: 'at', reason: expect.stringContaining('future') },
  });
});

describe('what is refused, with its path and what to write instead', () => {
  it.each([
    ['an unknown form of type', { ...plain, type: 'Form Submitted' }, 'type', 'deal.stage_changed'],
    ['a slip in a known type', { ...good, type: 'deal.stage_change' }, 'type', '"deal.stage_changed"'],
    ['a type of our own', { ...plain, type: 'contact.unsubscribed' }, 'type', 'contact.consent'],
    ['that a deal went over', { ...good, type: 'deal.contact_changed' }, 'type', 'Voronka itself writes'],
    ['an instant without an offset', { ...plain, at: '2026-11-23T10:00:00' }, 'at', 'offset'],
    ['an instant in words', { ...plain, at: 'yesterday' }, 'at', '2026-11-23T10:00:00Z'],
    ['the 30th of February', { ...plain, at: '2026-02-30T10:00:00Z' }, 'at', 'instant'],
    ['a number for an instant', { ...plain, at: 1_700_000_000 }, 'at', 'instant'],
    ['a time before 1970', { ...plain, at: '1969-12-31T23:59:59Z' }, 'at', '1970'],
    ['the year zero', { ...plain, at: '0000-01-01T00:00:00Z' }, 'at', '1970'],
    ['a broken address', withContact({ email: 'anna@@acme' }), 'contact.email', 'anna@acme.example'],
    ['two addresses', withContact({ email: 'a@x.example, b@y.example' }), 'contact.email', 'mail address'],
    ['an unknown zone', withContact({ timezone: 'Europe/Moskow' }), 'contact.timezone', '"Europe/Moscow"'],
    [
      'a locale as a zone',
      withContact({ locale: 'en', timezone: 'en' }),
      'contact.timezone',
      'Europe/Moscow',
    ],
    ['an offset as a zone', withContact({ timezone: '+03:00' }), 'contact.timezone', 'Europe/Moscow'],
    ['an underscore in a locale', withContact({ locale: 'ru_RU' }), 'contact.locale', '"ru-RU"'],
    ['an unknown language', withContact({ locale: 'qx' }), 'contact.locale', 'language'],
    ['not a locale', withContact({ locale: 'русский' }), 'contact.locale', 'locale'],
    ['an unknown field of the contact', withContact({ emial: 'a@x.example' }), 'contact.emial', '"email"'],
    ['an undeclared field', withContact({ shoe_size: 42 }), 'contact.shoe_size', 'facts.yaml'],
    ['a score from outside', withContact({ score: { fit: 100 } }), 'contact.score', 'not a known field'],
    ['text for a number', withContact({ seats: '12' }), 'contact.seats', 'must be a number'],
    ['an unknown field of the event', { ...plain, contcat: {} }, 'contcat', '"contact"'],
    ['no contact', { ...plain, contact: undefined }, 'contact', 'is missing'],
    ['no id', { ...plain, id: undefined }, 'id', 'is missing'],
    ['a number for an id', { ...plain, id: 17 }, 'id', 'must be text'],
    ['consent in words', withContact({ consent: { marketing: 'yes' } }), 'contact.consent.marketing', 'true'],
    ['an amount in words', withDeal({ amount: '12,000' }), 'deal.amount', 'must be a number'],
    ['an amount no column holds', withDeal({ amount: 1e300 }), 'deal.amount', 'above'],
    ['a currency in words', withDeal({ currency: 'euro' }), 'deal.currency', '"EUR"'],
    ['a stage change without a stage', withDeal({ stage: undefined }), 'deal.stage', 'is missing'],
    ['a stage change without a deal', { ...plain, type: 'deal.stage_changed' }, 'deal', 'is missing'],
    ['a poisoned key', JSON.parse('{"id":"x","contact":{"__proto__":{}}}'), 'contact.__proto__', '__proto__'],
    ['half a character', withContact({ first_name: '\ud800' }), 'contact.first_name', 'surrogate'],
    ['a list where an object belongs', { ...plain, data: [1] }, 'data', 'object'],
  ])('%s', (_what, event, path, words) => {
    const checked = check(event);
    if (!('refused' in checked)) expect.unreachable('it was taken');
    expect(checked.refused).toMatchObject({ status: 'refused', path });
    expect(checked.refused.reason).toContain(words);
  });

  it.each([[null], ['text'], [17], [[]], [[[]]]])('%j is not an event', (event) => {
    expect(check(event)).toMatchObject({ refused: { id: '', status: 'refused' } });
  });

  it('everything that is wrong is said at once', () => {
    const checked = check({ ...withContact({ email: 'x', locale: 'ru_RU' }), at: 'now' });
    expect(checked).toMatchObject({ refused: { id: 'crm-1042-7', path: 'at' } });
    expect(checked).toMatchObject({
      refused: { also: [{ path: 'contact.email' }, { path: 'contact.locale' }] },
    });
  });
});
