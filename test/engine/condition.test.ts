// Conditions as they are asked at run time: numbers, instants, and what is not known.
import { describe, expect, it } from 'vitest';
import { createConditions } from '../../engine/condition.ts';
import type { Memory } from '../../engine/memory.ts';
import type { Fields } from '../../engine/step.ts';
import { catalogue, day, monday } from './fixture.ts';

const { ask } = createConditions(catalogue);
const contact = {
  first_name: 'Anna',
  employees: 60,
  company: null,
  consent: { marketing: true },
  industry: 7,
};
const deal = { amount: 1000, renewal_on: '2026-12-03', stage_at: monday - 2 * day };
const memory: Memory = { visits: {}, happened: { clicked: ['intro'], replied: ['intro'] } };

function answer(source: string, of: Fields | null = deal) {
  return ask(source, { facts: { contact, deal: of }, memory, now: monday });
}

describe('a condition', () => {
  it.each([
    'deal.amount == 1000',
    'deal.amount >= 999 && deal.amount < 1e6',
    'deal.amount / 3 > 333',
    '3 / 4 == 0.75',
    '7 % 4 == 3',
    '-deal.amount < 0x10',
    'contact.employees in [50, 60, 70]',
    'contact.first_name.startsWith("A") && contact.first_name != ""',
    'contact.consent.marketing',
    'has(contact.first_name) && !has(contact.company)',
    '["Anna", "Olga"].exists(name, name == contact.first_name)',
    'deal.renewal_on < date("2027-01-01") && deal.renewal_on > date("2026-11-30")',
    'days_until(deal.renewal_on) > 9 && days_until(deal.renewal_on) < 10',
    'days_since(deal.stage_at) == 2',
    'clicked("intro") && !clicked("other") && replied() && !opened("intro")',
    'contact.employees > 10 ? deal.amount > 1 : false',
  ])('holds: %s', (source) => {
    expect(answer(source)).toEqual({ is: true, unknown: null });
  });

  it.each([
    ['contact.company == "Acme"', 'contact.company is not known'],
    ['contact.company != "Acme"', 'contact.company is not known'],
    ['!(contact.company == "Acme")', 'contact.company is not known'],
    ['contact.consent.news', 'contact.consent.news is not known'],
    ['contact.score.fit > 1', 'contact.score is not known'],
    ['contact.industry == "IT"', 'contact.industry is of another kind than facts.yaml says'],
  ])('over an unknown fact is no, and says which: %s', (source, unknown) => {
    expect(answer(source)).toEqual({ is: false, unknown });
  });

  it('holds where the unknown fact does not decide', () => {
    expect(answer('contact.company == "Acme" || deal.amount > 1')).toEqual({ is: true, unknown: null });
  });

  it('without a deal knows none', () => {
    expect(answer('deal.amount > 1', null)).toEqual({ is: false, unknown: 'deal is not known' });
  });

  it('keeps nothing from one contact to the next', () => {
    const asked = (amount: number) =>
      ask('deal.amount > 5', { facts: { contact, deal: { amount } }, memory, now: 0 });
    expect([1, 10, 1].map((amount) => asked(amount).is)).toEqual([false, true, false]);
  });
});
