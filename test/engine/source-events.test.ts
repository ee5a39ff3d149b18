// A webhook's body to events: values to their places, words translated, nothing made up.
import { expect, it } from 'vitest';
import { builtInFacts } from '../../engine/facts.ts';
import { readSourceEvents } from '../../engine/source-events.ts';
import type { Source } from '../../engine/source-map.ts';
import type { Json } from '../../engine/step.ts';

const signature = {
  kind: 'basic',
  header: '',
  encoding: 'hex',
  prefix: '',
  timestamp: null,
  maxAgeMs: 300_000,
} as const;
const at = (...paths: string[]) => ({ paths, values: null });
const source: Source = {
  signature,
  each: null,
  events: [
    {
      if: { 'meta.entity': 'deal', 'meta.fresh': true },
      type: 'deal.stage_changed',
      fields: {
        id: at('meta.id', 'meta.at'),
        at: at('meta.at'),
        'contact.id': at('data.person'),
        'contact.email': at('data.mails.0.value'),
        'deal.id': at('data.id'),
        'deal.pipeline': { is: 'sales' },
        'deal.stage': { paths: ['data.stage'], values: { 1: 'Qualification', 2: 'Offer' } },
        'deal.amount': at('data.value'),
        'contact.consent.marketing': at('data.agrees'),
      },
    },
  ],
};
const body = {
  meta: { entity: 'deal', fresh: true, id: 7, at: 1_767_225_600 },
  data: {
    id: 42,
    person: 9,
    stage: 2,
    value: '1200.50',
    agrees: true,
    mails: [{ value: 'anna@acme.example' }],
  },
};
const read = (one: Json, from: Source = source) => readSourceEvents('crm', from, one, builtInFacts);

it('brings every value to its place: ids as text, amounts as numbers, seconds as an instant', () => {
  expect(read(body)).toEqual([
    {
      event: {
        type: 'deal.stage_changed',
        id: 'crm:7-1767225600',
        at: '2026-01-01T00:00:00.000Z',
        contact: { id: '9', email: 'anna@acme.example', consent: { marketing: true } },
        deal: { id: '42', pipeline: 'sales', stage: 'Offer', amount: 1200.5 },
      },
    },
  ]);
});

it.each<[string, Json, unknown]>([
  ['an `if` that is not so', { ...body, meta: { ...body.meta, entity: 'note' } }, []],
  [
    'a word that has no entry',
    { ...body, data: { ...body.data, stage: 9 } },
    [{ path: 'deal.stage', reason: 'has no entry for "9" under `values`' }],
  ],
  [
    'no id',
    { ...body, meta: { ...body.meta, id: null } },
    [{ path: 'id', reason: expect.stringContaining('missing') }],
  ],
  [
    'a field that is not there',
    { ...body, data: { ...body.data, value: null } },
    [{ event: { deal: { id: '42', pipeline: 'sales', stage: 'Offer' } } }],
  ],
  [
    'milliseconds',
    { ...body, meta: { ...body.meta, at: 1_767_225_600_000 } },
    [{ event: { at: '2026-01-01T00:00:00.000Z' } }],
  ],
  ['a body that is text', 'meta', []],
  [
    'names that reach into prototypes',
    { meta: { entity: 'deal', fresh: true, id: 1, at: 1 }, data: { id: 1, person: 'x', 'mails.0.value': 1 } },
    [{ event: { contact: { id: 'x' } } }],
  ],
])('of %s it makes nothing up', (_, one, found) => {
  expect(read(one)).toMatchObject(found as object);
});

it('reads each element of a list, and a form by its names as they stand', () => {
  const form: Source = {
    signature,
    each: 'leads',
    events: [
      {
        if: {},
        type: 'form.submitted',
        fields: { id: at('data[ID]'), at: at('sent'), 'contact.id': at('mail') },
      },
    ],
  };
  const leads = [1, 2].map((n) => ({ 'data[ID]': n, sent: '2026-01-01T00:00:00Z', mail: `m${n}` }));
  expect(read({ leads }, form)).toMatchObject([
    { event: { id: 'crm:1' } },
    { event: { id: 'crm:2', contact: { id: 'm2' } } },
  ]);
  expect(read({ leads: 'none' }, form)).toEqual([{ path: 'leads', reason: 'is no list in this body' }]);
});
