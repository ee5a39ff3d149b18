import { expect, it } from 'vitest';
import { split } from '../../steps/split.ts';
import { nodeOf, viewOf } from './view.ts';

const node = nodeOf(
  '- id: it\n  split: { a: 3, b: 1, c: 0 }\n  steps: { a: [{ id: x, send: intro }] }\n- { id: after, exit: done }\n',
);
const armOf = (subject: string) => split.decide(viewOf(node, { subject }));

it('draws in proportion to the weights, and never an arm that weighs nothing', () => {
  const drawn = Array.from({ length: 2000 }, (_, i) => armOf(`d${i}`)).map(
    (decision) => 'arm' in decision && decision.arm,
  );
  const count = (arm: string) => drawn.filter((each) => each === arm).length;
  // 1500 are expected; the standard deviation is 19.
  expect(Math.abs(count('a') - 1500)).toBeLessThan(80);
  expect(count('a') + count('b')).toBe(2000);
});

it('gives a subject the same arm again', () => {
  expect(armOf('d7')).toEqual(armOf('d7'));
});

it('leads an arm without steps to what follows', () => {
  expect(node.arms).toEqual({ a: 'x', b: 'after', c: 'after' });
});
