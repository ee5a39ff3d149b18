// The difference between two versions of a workflow, as its author is told of it.
import { expect, it } from 'vitest';
import type { Plan } from '../../engine/plan.ts';
import { weightNotes } from '../../engine/plan-diff.ts';
import { programOf } from './fixture.ts';

function versionOf(split: string, wait = '5d'): Plan {
  const [linked] = programOf(`
workflow: greeting
enter: { when: deal.stage enters "Qualification" }
steps:
  - { id: pause, wait: ${wait} }
  - { id: parted, split: { ${split} } }
`).current;
  if (!linked) throw new Error('no plan was made');
  return linked.plan;
}

const even = versionOf('short: 50, long: 50');

it.each([
  [
    'other weights',
    versionOf('short: 80, long: 50'),
    [expect.stringContaining('the weights of `parted` changed')],
  ],
  ['another wait', versionOf('short: 50, long: 50', '6d'), []],
  ['nothing else', even, []],
])('a split with %s', (_, after, notes) => {
  expect(weightNotes(even, after, null)).toEqual(notes);
});
