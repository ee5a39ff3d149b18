// What one person gets over a whole journey, all shipped workflows together: one who buys, one who never answers, and
// many made up. Nobody is written to by two series at once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogue, dayOn, live, timeOn } from './live.ts';

const mailsOf = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const [, day, name = ''] = /^day (\d+): sends (.+)$/.exec(line) ?? [];
    return day === undefined ? [] : [{ day: Number(day), name }];
  });
const isMarketing = (name: string) => (catalogue.templates[name]?.topic ?? null) !== null;
const tell = (lines: readonly string[]) => mailsOf(lines).map(({ day, name }) => `${day} ${name}`);

it('a buyer is welcomed, shown, offered, answered, thanked, billed and looked after, and a person is asked where one is needed', () => {
  const lines = live(
    { interest: 'cost', role: 'decides', company: 'Acme' },
    {
      0: 'Attraction',
      6: 'Qualification',
      13: 'Presentation',
      25: 'Closing',
      36: 'Purchase',
      60: 'Retention',
    },
    {
      deal: { title: 'Pumps', owner: 'olga' },
      changes: {
        14: { demo_at: timeOn(17) },
        21: { offer_sent_at: timeOn(21), offer_valid_until: dayOn(50) },
        25.1: { objection: 'price' },
        36.1: { won_on: dayOn(36), renewal_on: dayOn(401), add_on: 'Service contract' },
        37: { invoice_sent_at: timeOn(37), invoice_due_on: dayOn(51) },
        49: { invoice_paid_at: timeOn(49) },
      },
      answers: { 51: 9 },
    },
  );
  expect(tell(lines)).toEqual([
    ...['0 welcome', '3 welcome-method'],
    ...['6 qualification-intro', '9 qualification-call'],
    ...['16 demo-reminder', '18 demo-followup', '21 offer', '24 offer-nudge'],
    ...['28 objection-price', '32 objection-price-2'],
    ...['36 purchase-thanks', '37 invoice', '39 purchase-first-steps', '45 onboarding-week'],
    ...['48 payment-reminder', '50 nps', '52 promoter-referral', '72 care-help'],
    ...['126 cross-sell', '341 renewal-60', '371 renewal-30', '394 renewal-7'],
  ]);
  const asked = lines.flatMap((line) => /asks for (.+)$/.exec(line)?.[1] ?? []);
  expect(asked).toEqual(['write-offer', 'hand-over', 'call']);
});

it('who never answers is let go kindly at every stage, and a lost deal is asked about twice', () => {
  expect(tell(live({}, { 0: 'Attraction' }))).toEqual([
    ...['0 welcome', '3 welcome-method', '10 welcome-question', '24 welcome-goodbye'],
  ]);
  const days = { 0: 'Attraction', 40: 'Qualification', 80: 'Presentation', 120: 'Closing', 170: 'Lost' };
  const changes = {
    82: { demo_at: timeOn(85) },
    95: { offer_sent_at: timeOn(95), offer_valid_until: dayOn(125) },
  };
  const lines = live({}, days, { changes, deal: { owner: 'olga' } });
  expect(tell(lines).slice(4)).toEqual([
    ...['40 qualification-intro', '44 qualification-call', '51 bant-questions', '57 webinar-invite'],
    ...['64 qualification-last', '84 demo-reminder', '86 demo-followup', '95 offer', '100 offer-nudge'],
    ...['122 offer-deadline', '129 references', '172 loss-survey', '262 win-back'],
  ]);
  expect(lines.at(-1)).toBe('day 276: loss ends let-go');
});

const ladder = ['Attraction', 'Qualification', 'Presentation', 'Closing', 'Purchase', 'Retention'];

it('whatever the pace, nobody gets two letters of advertising on one day, nor more than three in a week', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 6, maxLength: 6 });
  const objection = fc.constantFrom('price', 'timing', 'competitor', 'authority', null);
  fc.assert(
    fc.property(gaps, objection, fc.integer({ min: 500, max: 30_000 }), (days, named, amount) => {
      const at = days.map((_, i) => days.slice(1, i + 1).reduce((sum, gap) => sum + gap, 0));
      const stages = Object.fromEntries(ladder.map((stage, i) => [at[i] ?? 0, stage]));
      const [, , shown = 0, closing = 0, bought = 0] = at;
      const changes = {
        [shown + 0.1]: { demo_at: timeOn(shown + 2), offer_sent_at: timeOn(shown + 3), amount },
        [closing + 0.1]: { objection: named },
        [bought + 0.1]: { won_on: dayOn(bought), renewal_on: dayOn(bought + 200), add_on: 'Service' },
      };
      const mails = mailsOf(live({}, stages, { changes, deal: { amount, owner: 'olga' } }));
      const advertising = mails.filter(({ name }) => isMarketing(name)).map((mail) => mail.day);
      for (const one of advertising) {
        const week = advertising.filter((other) => other >= one && other < one + 7);
        expect(week.filter((other) => other === one).length, JSON.stringify(mails)).toBe(1);
        expect(week.length, JSON.stringify(mails)).toBeLessThanOrEqual(3);
      }
    }),
    { numRuns: 25 },
  );
});
