import { expect, it } from 'vitest';
import { set } from '../../steps/set.ts';
import { nodeOf, viewOf } from './view.ts';

it('patches contact and deal, and tells a new owner', () => {
  const node = nodeOf('- id: it\n  set: { contact.employees: 12, deal.renewal_on: now, deal.owner: ivan }\n');
  const facts = { contact: {}, deal: { owner: 'olga' } };
  expect(set.decide(viewOf(node, { facts }))).toEqual({
    go: 'on',
    why: 'sets contact.employees, deal.renewal_on, deal.owner',
    patch: { contact: { employees: 12 }, deal: { renewal_on: '2026-11-23T10:00:00.000Z', owner: 'ivan' } },
    raises: [
      { key: 'it#1', type: 'deal.owner_changed', dealId: 'd1', data: { from: 'olga', to: 'ivan', depth: 1 } },
    ],
  });
});

it('tells nobody of an owner who stays', () => {
  const node = nodeOf('- id: it\n  set: { deal.owner: olga }\n');
  expect(set.decide(viewOf(node, { facts: { contact: {}, deal: { owner: 'olga' } } }))).toMatchObject({
    raises: [],
  });
});
