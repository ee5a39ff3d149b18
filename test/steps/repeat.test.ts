import { expect, it } from 'vitest';
import { repeat } from '../../steps/repeat.ts';
import { nodeOf, run, viewOf } from './view.ts';

const node = nodeOf(
  '- { id: nudge, send: intro }\n- id: it\n  repeat: { from: nudge, at_most: 2 }\n- { id: after, exit: done }\n',
);
const visited = (times: number) =>
  viewOf(node, { run: { ...run, memory: { visits: { it: times }, happened: {} } } });

it('goes back so often, and then on', () => {
  expect([1, 2, 3, 4].map((times) => repeat.decide(visited(times)))).toMatchObject([
    { arm: 'again', why: 'goes back to nudge' },
    { arm: 'again' },
    { arm: 'on', why: 'has gone back 2 times' },
    { arm: 'on' },
  ]);
  expect(node.arms).toEqual({ again: 'nudge', on: 'after' });
});
