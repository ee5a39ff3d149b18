import { expect, it } from 'vitest';
import { exit } from '../../steps/exit.ts';
import { nodeOf, viewOf } from './view.ts';

it('ends the run with its outcome', () => {
  const decision = exit.decide(viewOf(nodeOf('- { id: it, exit: no-response }\n')));
  expect(decision).toEqual({ go: 'end', outcome: 'no-response', goal: false, why: 'exits no-response' });
});

it('may be the goal', () => {
  expect(exit.decide(viewOf(nodeOf('- { id: it, exit: booked, goal: true }\n')))).toMatchObject({
    goal: true,
  });
});
