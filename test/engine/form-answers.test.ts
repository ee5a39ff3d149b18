// A form's answers, read by the types of the facts they become; what was shown and comes back as it was changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../engine/declarations.ts';
import { changesOf, isSound, pageOf, readPage, standingOf } from '../../engine/form-answers.ts';

const text = `forms:
  bant:
    title: { en: Questions }
    questions:
      - { fact: deal.budget, ask: { en: Budget? }, choices: { set: { en: set }, none: { en: none } } }
      - { fact: contact.employees, ask: { en: How many? }, required: true }
      - { fact: contact.is_new, ask: { en: New here? } }
      - { fact: contact.industry, ask: { en: Industry? } }
    thanks: { en: Thank you. }
  why:
    title: { en: Why? }
    deal: decided
    questions: [{ fact: deal.loss_reason, ask: { en: Why? } }]
    thanks: { en: Thank you. }
`;
const facts =
  'contact: { employees: number, is_new: boolean, industry: text }\ndeal: { budget: text, loss_reason: { type: text, after_outcome: true } }\n';
const pipelines = 'pipelines:\n  sales: { stages: [New, Won, Lost], won: [Won], lost: [Lost] }\n';
const { catalogue } = readCatalogue(
  Object.entries({ pipelines, facts, forms: text }).map(([name, said]) => ({
    path: `${name}.yaml`,
    text: said,
  })),
  {},
);
const formOf = (name: string) => {
  const form = catalogue.forms[name];
  if (form === undefined) throw new Error(`no form ${name}`);
  return form;
};
const bant = formOf('bant');
const nothing = { contact: {}, deal: {} };
const read = (said: Record<string, string>) => readPage(bant, (fact) => said[fact] ?? null);
const changes = (said: Record<string, string>, known = nothing) => changesOf(bant, read(said), known);

describe('answers', () => {
  it('become facts of contact and deal by their types, and what is left out stays unknown', () => {
    expect(
      changes({ 'deal.budget': 'set', 'contact.employees': '1 200,5', 'contact.is_new': 'false' }),
    ).toEqual({
      contact: { employees: 1200.5, is_new: false },
      deal: { budget: 'set' },
    });
  });

  it('that empty a field which was shown empty the fact', () => {
    const known = { contact: { employees: 5, industry: 'steel' }, deal: {} };
    expect(changes({ 'contact.employees': '5.0', 'contact.industry': ' ' }, known)).toEqual({
      contact: { industry: null },
      deal: {},
    });
  });

  it('leave a fact alone that the page had no words for', () => {
    const known = { contact: { employees: 5 }, deal: { budget: 'maybe in spring' } };
    expect(pageOf(bant, known)['deal.budget']?.text).toBe('');
    expect(changes({ 'contact.employees': '5' }, known)).toEqual(nothing);
  });

  it.each([
    ['contact.employees', '', 'missing'],
    ['contact.employees', 'many', 'number'],
    ['contact.employees', '1.2.3', 'number'],
    ['deal.budget', 'sett', 'choice'],
    ['contact.is_new', 'yes', 'choice'],
    ['contact.industry', 'x'.repeat(301), 'long'],
  ] as const)('that are wrong say so at their own question (%s: %.10s)', (fact, said, wrong) => {
    const page = read({ 'contact.employees': '5', [fact]: said });
    expect([page[fact]?.wrong, isSound(page)]).toEqual([wrong, false]);
  });

  it('of any page change nothing when it is sent back as it was shown, and hold no text that a database refuses', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('set', 'true', '12', '0,5'),
    );
    const said = fc.record({
      'deal.budget': value,
      'contact.employees': value,
      'contact.is_new': value,
      'contact.industry': value,
    });
    fc.assert(
      fc.property(said, (first) => {
        const page = read(first);
        if (!isSound(page)) return;
        const { contact, deal } = changesOf(bant, page, nothing);
        const known = { contact, deal };
        expect(JSON.stringify(known)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        const shown = pageOf(bant, known);
        expect(
          changes(Object.fromEntries(Object.entries(shown).map(([fact, one]) => [fact, one.text])), known),
        ).toEqual(nothing);
      }),
      { seed: 7 },
    );
  });
});

describe('a form', () => {
  const deal = (stage: string) => ({ pipeline: 'sales', stage });
  it.each([
    ['bant', deal('New'), 'open'],
    ['bant', deal('Won'), 'decided'],
    ['bant', deal('Lost'), 'decided'],
    ['bant', null, 'gone'],
    ['why', deal('New'), 'undecided'],
    ['why', deal('Lost'), 'open'],
  ] as const)('%s with a deal at %j is %s', (name, of, standing) => {
    expect(standingOf(formOf(name), of, catalogue.pipelines)).toBe(standing);
  });
});
