// Why somebody is not in a workflow: one row for each thing that keeps people out, asked by the function that keeps them out.
import { expect, it } from 'vitest';
import { react } from '../../engine/react.ts';
import { explainAbsences } from '../../engine/why-not.ts';
import { day, monday, programOf, runOf, stageChange, stateOf } from './fixture.ts';

const file = (enter: string) => `
workflow: nurture
enter:
  when: deal.stage enters "Qualification"
${enter}
topic: marketing
steps:
  - id: pause
    wait: 2d
`;
const came = stageChange('Qualification');
const before = { entries: [{ workflow: 'nurture', dealId: 'd1', enteredAt: monday - day }] };

it.each([
  ['has not come to the stage', '', {}, [], 'waits for: deal.stage enters "Qualification"'],
  [
    'whose amount is too small',
    '  only_if: deal.amount >= 9000',
    {},
    [came],
    'only_if is no now: deal.amount >= 9000',
  ],
  [
    'whose amount nobody knows',
    '  only_if: deal.amount >= 9000',
    { deals: { d1: { id: 'd1' } } },
    [came],
    /^only_if is no now: deal\.amount >= 9000 \(.*deal\.amount/,
  ],
  ['has been through it', '', before, [came], 'it has been through it, and comes again: never'],
  ['is not drawn', '  rollout: 0%', {}, [came], 'it is not among the 0% of the rollout'],
  [
    'may come again',
    '  again: always',
    before,
    [came],
    'nothing keeps it out now: it enters the next time of deal.stage enters "Qualification"',
  ],
])('who %s is told so', (_, enter, parts, events, why) => {
  const told = explainAbsences(programOf(file(enter)), stateOf(parts), events, monday);
  expect(told).toEqual([
    { workflow: 'nurture', why: typeof why === 'string' ? why : expect.stringMatching(why) },
  ]);
});

it('says when the moment is that a workflow waits for, or that none is known', () => {
  const program = programOf(
    file('').replace('deal.stage enters "Qualification"', '3 days before deal.renewal_on'),
  );
  const told = (deal: object) =>
    explainAbsences(program, stateOf({ deals: { d1: { id: 'd1', ...deal } } }), [], monday);
  expect(told({})[0]?.why).toContain('no such moment is known');
  expect(told({ renewal_on: '2026-12-24' })[0]?.why).toContain('which is Mon 21 Dec 2026');
});

it('leaves out the workflow in which the contact is under way', () => {
  const program = programOf(file(''));
  const { transitions } = react(program, stateOf({ events: [came] }), monday);
  const state = stateOf({ runs: [runOf(transitions[0])], ...before });
  expect(explainAbsences(program, state, [came], monday)).toEqual([]);
});
