import { expect, it } from 'vitest';
import { branch } from '../../steps/branch.ts';
import { nodeOf, viewOf } from './view.ts';

const node = nodeOf(
  '- id: it\n  branch:\n' +
    '    - { if: deal.amount > 9, steps: [{ id: a, send: intro }] }\n' +
    '    - { if: deal.amount > 5, steps: [] }\n' +
    '    - else: [{ id: b, exit: small }]\n' +
    '- id: after\n  send: case-study\n',
);

it('takes the first arm that holds', () => {
  const both = viewOf(node, {}, ['deal.amount > 9', 'deal.amount > 5']);
  expect(branch.decide(both)).toEqual({ go: 'on', arm: 'if 1', why: 'takes if deal.amount > 9' });
  expect(branch.decide(viewOf(node, {}, ['deal.amount > 5']))).toMatchObject({ arm: 'if 2' });
});

it('takes else where none holds', () => {
  expect(branch.decide(viewOf(node))).toEqual({ go: 'on', arm: 'else', why: 'takes else' });
});

it('leads an empty arm to what follows', () => {
  expect(node.arms).toEqual({ 'if 1': 'a', 'if 2': 'after', else: 'b' });
});
