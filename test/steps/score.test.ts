import { expect, it } from 'vitest';
import { score } from '../../steps/score.ts';
import { nodeOf, run, viewOf } from './view.ts';

it('tells the points and the reason, once at each visit, and goes on', () => {
  const node = nodeOf('- id: it\n  score: { add: 10, to: engagement, because: asked for a demo }\n');
  const second = { ...run, memory: { visits: { it: 2 }, happened: {}, depth: 1 } };
  expect(score.decide(viewOf(node, { run: second }))).toEqual({
    go: 'on',
    why: 'scores +10: asked for a demo',
    raises: [
      {
        key: 'it#2',
        type: 'score.points',
        dealId: 'd1',
        data: { points: 10, because: 'asked for a demo', depth: 2 },
      },
    ],
  });
});

it('takes points as well', () => {
  const node = nodeOf('- id: it\n  score: { add: -5, because: went quiet }\n');
  expect(score.decide(viewOf(node))).toMatchObject({ why: 'scores -5: went quiet' });
});
