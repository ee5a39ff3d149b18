import { expect, it } from 'vitest';
import { move } from '../../steps/move.ts';
import { monday } from '../engine/fixture.ts';
import { nodeOf, viewOf } from './view.ts';

const node = nodeOf('- { id: it, move: Offer }\n');
const decide = (deal: Record<string, string> | null) =>
  move.decide(viewOf(node, { facts: { contact: {}, deal } }));

it('moves the deal, and raises the change for all to hear', () => {
  expect(decide({ pipeline: 'sales', stage: 'New' })).toEqual({
    go: 'on',
    why: 'moves the deal to Offer',
    patch: { deal: { stage: 'Offer', stage_at: monday } },
    raises: [
      {
        key: 'it#1',
        type: 'deal.stage_changed',
        dealId: 'd1',
        data: { pipeline: 'sales', from: 'New', to: 'Offer', depth: 1 },
      },
    ],
  });
});

it.each([
  ['that stands there already', { pipeline: 'sales', stage: 'Offer' }, 'stands in Offer already'],
  ['of another pipeline', { pipeline: 'support', stage: 'New' }, 'does not move: support has no stage Offer'],
  ['that is not there', null, 'has no deal to move'],
])('does nothing to a deal %s', (_, deal, why) => {
  expect(decide(deal)).toEqual({ go: 'on', why });
});
