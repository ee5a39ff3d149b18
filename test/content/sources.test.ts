// The source that is shipped: what Pipedrive sends becomes the events that the shipped workflows wait for.
import { expect, it } from 'vitest';
import { readSourceEvents } from '../../engine/source-events.ts';
import type { Fields } from '../../engine/step.ts';
import { catalogue } from './live.ts';

const source = catalogue.sources.pipedrive;
const at = '2027-01-11T09:00:00.000Z';
const read = (entity: string, data: Fields) => {
  if (source === undefined) throw new Error('there is no source pipedrive');
  const meta = { action: 'change', entity, entity_id: data.id ?? null, timestamp: at, version: '2.0' };
  return readSourceEvents('pipedrive', source, { meta, data, previous: null }, catalogue.facts);
};
const deal = { id: 7, title: 'Pumps', value: 12_000, currency: 'EUR', person_id: 3, stage_id: 2 };

it('a deal that moves, is won or is lost in Pipedrive does so here', () => {
  const shared = {
    type: 'deal.stage_changed',
    id: 'pipedrive:7-2027-01-11T09:00:00.000Z',
    at,
    contact: { id: '3' },
  };
  const own = { id: '7', title: 'Pumps', pipeline: 'sales' };
  expect(read('deal', { ...deal, status: 'open' })).toMatchObject([
    { event: { ...shared, deal: { ...own, amount: 12_000, currency: 'EUR', stage: 'Qualification' } } },
  ]);
  expect(read('deal', { ...deal, status: 'won', won_time: at })).toMatchObject([
    { event: { ...shared, deal: { ...own, stage: 'Purchase', won_on: at } } },
  ]);
  expect(read('deal', { ...deal, status: 'lost', lost_reason: 'price' })).toMatchObject([
    { event: { ...shared, deal: { ...own, stage: 'Lost', loss_reason: 'price' } } },
  ]);
  expect(read('deal', { ...deal, status: 'open', stage_id: 99 })).toMatchObject([{ path: 'deal.stage' }]);
});

it('a person brings its address and its consent, and what is neither deal nor person is let pass', () => {
  const person = { id: 3, first_name: 'Anna', emails: [{ value: 'anna@acme.example', primary: true }] };
  expect(read('person', { ...person, marketing_status: 'subscribed' })).toMatchObject([
    {
      event: {
        type: 'contact.updated',
        contact: { id: '3', email: 'anna@acme.example', first_name: 'Anna', consent: { marketing: true } },
      },
    },
  ]);
  expect(read('person', { ...person, marketing_status: 'unsubscribed' })).toMatchObject([
    { event: { contact: { consent: { marketing: false } } } },
  ]);
  expect(read('note', { id: 1 })).toEqual([]);
});
