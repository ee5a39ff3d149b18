// Rows and inputs that name only what a test is about; the rest is the same believable deal every time.
import { createHash } from 'node:crypto';
import type { DealInput, EventInput } from '../../db/event-input.ts';
import type { Pipeline } from '../../engine/catalogue.ts';

export const monday = Date.parse('2026-11-23T10:00:00Z');
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const sales: Pipeline = {
  name: 'sales',
  stages: ['Lead', 'Qualification', 'Proposal', 'Negotiation', 'Won', 'Lost'],
  won: ['Won'],
  lost: ['Lost'],
};

export const hash = (address: string): Buffer => createHash('sha256').update(address).digest();

type Said = Partial<Omit<EventInput, 'contact' | 'deal'>> & {
  readonly contact?: Partial<EventInput['contact']>;
  readonly deal?: Partial<DealInput>;
};

let made = 0;
/** An event with an id of its own. */
export function makeEvent({ contact, deal, ...said }: Said = {}): EventInput {
  made += 1;
  return {
    id: `crm-${made}`,
    type: 'form.submitted',
    at: monday,
    ...said,
    contact: { id: 'c-17', ...contact },
    ...(deal && { deal: { id: 'd-1042', ...deal } }),
  };
}

export function makeStageChange(stage: string, said: Said = {}): EventInput {
  return makeEvent({
    type: 'deal.stage_changed',
    ...said,
    deal: { pipeline: 'sales', stage, ...said.deal },
  });
}
