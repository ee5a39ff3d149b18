// What a CRM learns of a deal once it has come to a stage, and what its contact does on the website: a demonstration is
// planned, a proposal leaves and is read, an invoice is paid or not. By the names of the shipped stages; a stage of another
// name teaches nothing. Pure; a fact that facts.yaml does not declare is left out by whoever writes the season.
import type { Dice } from './dice.ts';
import type { Person } from './people.ts';

export interface Learnt {
  readonly at: number;
  readonly type: string;
  readonly contact?: { readonly [field: string]: unknown };
  readonly deal?: { readonly [field: string]: unknown };
  readonly data?: { readonly [field: string]: unknown };
  /** What keeps it from happening: any further move, the deal's end, or nothing. */
  readonly until: 'move' | 'end' | 'never';
}

interface Moment {
  readonly at: number;
  readonly person: Person;
  readonly dice: Dice;
}

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const iso = (at: number) => new Date(at).toISOString();
const dayOf = (at: number) => iso(at).slice(0, 10);

/** Told with the stage change itself. */
export function factsAt(stage: string, { at, dice }: Moment): { readonly [field: string]: unknown } {
  return (told[stage] ?? (() => ({})))({ at, dice });
}

const products = ['Monitoring', 'Service contract', 'Control unit'] as const;

const told: {
  readonly [stage: string]: (moment: Pick<Moment, 'at' | 'dice'>) => { [field: string]: unknown };
} = {
  Presentation: ({ at, dice }) => ({ demo_at: iso(at + dice.between(26, 74) * 3_600_000) }),
  Closing: ({ dice }) =>
    dice.falls(0.88)
      ? { objection: dice.pick(['price', 'timing', 'timing', 'competitor', 'authority']) }
      : {},
  Purchase: ({ at, dice }) => ({
    won_on: dayOf(at),
    renewal_on: dayOf(at + (dice.falls(0.3) ? 2 : 1) * yearMs),
    product: dice.pick(products),
    ...(dice.falls(0.6)
      ? { add_on: dice.pick(['Remote support', 'Training for your team', 'Spare parts plan']) }
      : {}),
  }),
};

/** How much longer than others a deal stands where it is, by what was told: who has no time now takes it. */
export function slowness({ objection }: { readonly [field: string]: unknown }): number {
  return objection === 'timing' ? 8 : 1;
}

export function learntAt(stage: string, moment: Moment): Learnt[] {
  return learnt[stage]?.(moment) ?? [];
}

const learnt: { readonly [stage: string]: (moment: Moment) => Learnt[] } = {
  Attraction: ({ at, dice }) => [
    ...(dice.falls(0.24) ? [visit('form.submitted', at + dice.around(3) * dayMs, { form: 'demo' })] : []),
    ...(dice.falls(0.2) ? [visit('webinar.joined', at + dice.around(6) * dayMs, {})] : []),
  ],
  Qualification: ({ at, dice }) =>
    dice.falls(0.3) ? [noted(at + dice.around(1.5) * dayMs, bant(dice))] : [],
  Presentation: ({ at, dice }) =>
    dice.falls(0.8) ? offer(at + dice.between(76, 120) * 3_600_000, dice) : [],
  Purchase: ({ at, dice }) => invoice(at + dayMs, dice),
  Retention: ({ at, dice }) => (dice.falls(0.5) ? [renewed(at + dice.between(300, 345) * dayMs)] : []),
  Lost: ({ at, dice }) =>
    dice.falls(0.4)
      ? [noted(at + dayMs, { loss_reason: dice.pick(['price', 'timing', 'competitor', 'authority']) })]
      : [],
};

function bant(dice: Dice) {
  return {
    budget: dice.pick(['set', 'planned', 'none']),
    timeline: dice.pick(['quarter', 'half-year', 'later']),
    need: 'fewer unplanned stops',
  };
}

/** Sent after the demonstration; some are opened, the others are told again in short. */
function offer(at: number, dice: Dice): Learnt[] {
  const sent = noted(at, { offer_sent_at: iso(at), offer_valid_until: dayOf(at + 21 * dayMs) });
  const openedAt = at + dice.around(1) * dayMs;
  const all = dice.falls(0.5) ? [sent, noted(openedAt, { offer_opened_at: iso(openedAt) })] : [sent];
  return all.map((one) => ({ ...one, until: 'end' }));
}

/** Half are paid in time, a quarter late, the rest not at all. */
function invoice(at: number, dice: Dice): Learnt[] {
  const number = `R-${dayOf(at).replaceAll('-', '')}-${dice.between(100, 999)}`;
  const sent = noted(at, {
    invoice_number: number,
    invoice_sent_at: iso(at),
    invoice_due_on: dayOf(at + 14 * dayMs),
  });
  const fate = dice.next();
  const days = fate < 0.54 ? dice.between(2, 13) : dice.between(15, 30);
  const paidAt = at + days * dayMs;
  const all = fate < 0.78 ? [sent, noted(paidAt, { invoice_paid_at: iso(paidAt) })] : [sent];
  return all.map((one) => ({ ...one, until: 'never' }));
}

/** For a year more. */
const renewed = (at: number): Learnt => ({
  ...noted(at, { renewal_on: dayOf(at + 1.1 * yearMs) }),
  type: 'contract.renewed',
  until: 'never',
});

const noted = (at: number, deal: { [field: string]: unknown }): Learnt => ({
  at,
  type: 'deal.updated',
  deal,
  until: 'move',
});

const visit = (type: string, at: number, data: { [field: string]: unknown }): Learnt => ({
  at,
  type,
  data,
  until: 'move',
});
