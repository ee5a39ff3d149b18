// The workflows that are shipped: they compile clean against the shipped declarations and letters, and do with a lead
// what their descriptions say, on a virtual clock.
import { describe, expect, it } from 'vitest';
import { isDeclaration } from '../../engine/declarations.ts';
import type { Fields } from '../../engine/step.ts';
import { compileTemplates } from '../../mail/library.ts';
import { catalogue, dayOn, declared, diagnostics, files, letters, live, plans, timeOn } from './live.ts';

it('the shipped definitions compile without a word from the linter', () => {
  expect(declared.diagnostics).toEqual([]);
  expect(diagnostics).toEqual([]);
  const named = files
    .filter(({ path }) => !isDeclaration(path))
    .map(({ path }) => path.replace(/^.*\/|\.yaml$/g, ''));
  expect(plans.map((plan) => plan.workflow).sort()).toEqual(named.sort());
});

it('every letter prints only facts that are declared', async () => {
  expect((await compileTemplates(letters, catalogue.facts)).diagnostics).toEqual([]);
});

describe('welcome', () => {
  it('gives a silent lead two useful letters and one question, says goodbye, and lets go', () => {
    expect(live({}, { 0: 'Attraction' })).toEqual([
      'day 0: sends welcome',
      'day 3: sends welcome-method',
      'day 10: sends welcome-question',
      'day 24: sends welcome-goodbye',
      'day 38: welcome ends silent',
    ]);
  });

  it('speaks of risk to those who came for it, and stops when the deal moves on', () => {
    expect(live({ interest: 'risk' }, { 0: 'Attraction', 5: 'Presentation' }).slice(0, 3)).toEqual([
      'day 0: sends welcome',
      'day 3: sends welcome-risk',
      'day 5: welcome ends moved-on, the goal',
    ]);
  });

  it('stops at an answer: that is what its letters ask for', () => {
    expect(live({}, { 0: 'Attraction' }, { repliesOn: 4 }).at(-1)).toBe(
      'day 4: welcome ends replied, the goal',
    );
  });

  it('writes to nobody who did not agree, and to nobody whose deal is lost', () => {
    expect(live({ consent: { marketing: false } }, { 0: 'Attraction' })).toEqual([
      'day 14: welcome ends not-confirmed',
    ]);
    expect(live({}, { 0: 'Attraction', 1: 'Lost' })).toEqual([
      'day 0: sends welcome',
      'day 1: welcome ends lost',
    ]);
  });
});

describe('qualification-nurture', () => {
  it('offers a working session to the large and a reference to the small', () => {
    expect(live({}, { 0: 'Qualification' })).toEqual([
      'day 0: sends qualification-intro',
      'day 2: sends qualification-call',
      'day 9: sends bant-questions',
      'day 15: sends webinar-invite',
      'day 22: sends qualification-last',
      'day 29: qualification-nurture ends no-response',
    ]);
    expect(live({}, { 0: 'Qualification' }, { deal: { amount: 2500 } })[1]).toBe('day 2: sends case-study');
    expect(live({}, { 0: 'Qualification' }, { deal: { amount: 400 } })).toEqual([]);
  });
});

describe('presentation', () => {
  it('reminds of a demonstration the day before and asks afterwards, and writes nothing where none is planned', () => {
    expect(live({}, { 0: 'Presentation' }, { deal: { demo_at: timeOn(3) } })).toEqual([
      'day 2: sends demo-reminder',
      'day 2: demo ends reminded',
      'day 4: sends demo-followup',
      'day 4: asks for write-offer',
      ...['day 14: asks for call', 'day 18: demo-followup ends no-decision'],
      'day 28: quiet-deal ends nobody-called',
    ]);
    expect(live({}, { 0: 'Presentation' })).toEqual([
      'day 14: asks for call',
      'day 28: quiet-deal ends nobody-called',
    ]);
  });

  it('explains a proposal, shortens it for those who have not opened it, and says when it ends', () => {
    const deal = { offer_sent_at: timeOn(1), offer_valid_until: dayOn(30) };
    expect(live({}, { 0: 'Presentation' }, { deal })).toEqual([
      'day 1: sends offer',
      'day 4: sends offer-nudge',
      'day 10: asks for ask-by-phone',
      'day 14: asks for call',
      'day 24: offer ends no-answer',
      'day 27: sends offer-deadline',
      'day 28: quiet-deal ends nobody-called',
      'day 31: offer-deadline ends expired',
    ]);
    expect(live({}, { 0: 'Presentation' }, { deal: { ...deal, offer_opened_at: timeOn(2) } })).not.toContain(
      'day 4: sends offer-nudge',
    );
  });
});

describe('closing', () => {
  it.each([
    ['price', ['objection-price', 'objection-price-2', 'references']],
    ['timing', ['objection-timing', 'objection-timing-2', 'references']],
    ['competitor', ['objection-competitor', 'objection-competitor-2', 'references']],
    ['authority', ['objection-authority', 'objection-authority-2', 'references']],
    ['something else', ['references']],
  ])('answers %s with %j', (objection, expected) => {
    const sent = live({}, { 0: 'Closing' }, { deal: { objection } }).flatMap(
      (line) => /sends (.*)/.exec(line)?.[1] ?? [],
    );
    expect(sent).toEqual(expected);
  });

  it('asks why a deal was lost and whether the other way worked, unless it comes back', () => {
    const deal = { offer_sent_at: timeOn(-10) };
    expect(live({}, { 0: 'Closing', 1: 'Lost' }, { deal }).slice(-3)).toEqual([
      'day 3: sends loss-survey',
      'day 93: sends win-back',
      'day 107: loss ends let-go',
    ]);
    expect(live({}, { 0: 'Closing', 1: 'Lost', 50: 'Presentation' }, { deal })).toContain(
      'day 50: loss ends won-back, the goal',
    );
  });
});

describe('purchase-thanks', () => {
  it('writes to every buyer, consent or not, and ends when the deal is handed over', () => {
    expect(live({ consent: {} }, { 0: 'Purchase', 20: 'Retention' })).toEqual([
      'day 0: sends purchase-thanks',
      'day 0: asks for hand-over',
      'day 3: sends purchase-first-steps',
      'day 9: sends onboarding-week',
      'day 14: sends nps',
      'day 20: purchase-thanks ends handed-over, the goal',
      'day 31: sends care-help',
      'day 31: care ends helped',
      'day 379: sends nps',
    ]);
  });
});

describe('nps', () => {
  const answering = (answers: { [day: number]: number }) =>
    live({}, { 0: 'Purchase' }, { answers, deal: { owner: 'olga' } }).filter((line) =>
      /nps|detractor|passive-|promoter|asks for/.test(line),
    );

  it('asks two weeks after a purchase, and gives a low score to a person, at once and with an apology', () => {
    expect(answering({ 15: 2 }).filter((line) => !line.includes('hand-over'))).toEqual([
      'day 14: sends nps',
      'day 15: asks for call',
      'day 15: sends detractor-apology',
      'day 22: asks for lead-calls',
      'day 22: nps-detractor ends unanswered',
      'day 379: sends nps',
    ]);
  });

  it('asks a promoter for an introduction and a passive what is missing, the day after', () => {
    expect(answering({ 15: 10 })).toContain('day 16: sends promoter-referral');
    expect(answering({ 15: 7 })).toContain('day 16: sends passive-question');
  });

  it('hears an answer that is changed: who falls from nine to three goes to a person', () => {
    const lines = answering({ 15: 9, 20: 3 });
    expect(lines).toContain('day 16: sends promoter-referral');
    expect(lines).toContain('day 20: nps-promoter ends fell');
    expect(lines).toContain('day 20: asks for call');
  });
});

describe('payment', () => {
  const deal = { invoice_sent_at: timeOn(1), invoice_due_on: dayOn(15) };

  it('announces, reminds and asks, and stops once the invoice is paid', () => {
    const sent = (facts: Fields) =>
      live({}, { 0: 'Retention' }, { deal: facts }).filter((line) => /invoice|payment|for ask/.test(line));
    expect(sent(deal)).toEqual([
      'day 1: sends invoice',
      'day 12: sends payment-reminder',
      'day 21: sends payment-overdue',
      'day 28: asks for ask',
      'day 42: payment ends open',
    ]);
    expect(sent({ ...deal, invoice_paid_at: timeOn(2) })).toEqual([
      'day 1: sends invoice',
      'day 12: payment ends paid, the goal',
    ]);
  });
});

describe('retention', () => {
  it('gives two months, one month and a week before a renewal', () => {
    const lines = live({}, { 0: 'Retention' }, { deal: { renewal_on: dayOn(100) } });
    expect(lines.filter((line) => line.includes('renewal'))).toEqual([
      'day 40: sends renewal-60',
      'day 70: sends renewal-30',
      'day 93: sends renewal-7',
      'day 100: renewal ends undecided',
    ]);
  });

  it('offers what goes with the product, and thanks after a year', () => {
    const lines = live({}, { 0: 'Retention' }, { deal: { won_on: dayOn(0), add_on: 'Service contract' } });
    expect(lines.filter((line) => line.includes('sends'))).toEqual([
      'day 10: sends care-help',
      'day 91: sends cross-sell',
      'day 365: sends contract-birthday',
    ]);
  });
});
