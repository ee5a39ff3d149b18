// A run on an old plan to its place on a new one, case by case; the laws over generated versions stand in migrate-laws.
import { describe, expect, it } from 'vitest';
import { link } from '../../engine/link.ts';
import { createPassage, type Lineage, migrateRun, noLineage } from '../../engine/migrate.ts';
import type { Plan, Program } from '../../engine/plan.ts';
import { react } from '../../engine/react.ts';
import type { Run } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import {
  catalogue,
  day,
  happening,
  hour,
  monday,
  programOf,
  runOf,
  stageChange,
  stateOf,
} from './fixture.ts';

const head = 'workflow: nurture\nenter: { when: deal.stage enters "Offer" }\ntopic: marketing\n';
const plan = (body: string): Plan => {
  const [only] = programOf(`${head}${body}`).current;
  if (only === undefined) throw new Error('no plan');
  return only.plan;
};
const v1 = plan(`steps:
  - { id: intro, send: intro }
  - { id: promo, wait: 1d }
  - { id: ask, branch: [{ if: replied(), steps: [{ id: thanks, send: invoice }] }, { else: [] }] }
  - { id: pause, wait: 5d }
  - { id: last, send: case-study }
`);

const standing = (node: string, parts: Partial<Run> = {}): Run => ({
  id: 'r1',
  workflow: 'nurture',
  plan: v1.hash,
  contactId: 'c1',
  dealId: 'd1',
  node,
  nodeAt: monday,
  enteredAt: monday,
  wakeAt: monday + day,
  memory: { visits: { intro: 1, [node]: 1 }, happened: { clicked: ['intro'], answered: ['nps'] } },
  endedAt: null,
  outcome: null,
  goal: false,
  ...parts,
});

/** Both versions known, the second applied. */
function programOfBoth(before: Plan, after: Plan, lineage: Lineage = noLineage): Program {
  return link([before, after], [after.hash], steps, catalogue, lineage);
}

describe('the place of those who stand on a step', () => {
  const places = (to: Plan, lineage = noLineage) => {
    const passage = createPassage(v1, to, lineage);
    return Object.fromEntries(Object.keys(v1.nodes).map((id) => [id, passage.placeOf(id)]));
  };
  const rest = '  - { id: pause, wait: 5d }\n  - { id: last, send: case-study }\n';

  it('is the same step, wherever it stands now', () => {
    const nested = plan(`steps:
  - { id: last, send: case-study }
  - id: ask
    branch:
      - if: replied()
        steps: [{ id: pause, wait: 3d }, { id: intro, send: intro }]
      - else: [{ id: promo, wait: 1d }, { id: thanks, send: invoice }]
`);
    for (const [id, place] of Object.entries(places(nested))) expect(place).toEqual({ is: 'kept', node: id });
  });

  it('follows a rename, and a rename of that', () => {
    const second = plan(`steps:\n  - { id: offer, wait: 1d }\n${rest}renamed: { promo: offer }\n`);
    const third = plan(`steps:\n  - { id: deal-time, wait: 1d }\n${rest}renamed: { offer: deal-time }\n`);
    expect(places(second).promo).toEqual({ is: 'kept', node: 'offer' });
    expect(places(third).promo).toEqual({ is: 'unsaid' });
    const lineage = { ...noLineage, renames: { nurture: [['promo', 'offer'] as const] } };
    expect(places(third, lineage).promo).toEqual({ is: 'kept', node: 'deal-time' });
  });

  it('of a step that is gone is where the file says', () => {
    const to = (fate: string) => places(plan(`steps:\n${rest}removed: { promo: ${fate} }\n`)).promo;
    expect(to('continue')).toEqual({ is: 'moved', node: 'pause' });
    expect(to('last')).toEqual({ is: 'moved', node: 'last' });
    expect(to('exit')).toEqual({ is: 'ended', outcome: 'removed' });
    expect(places(plan(`steps:\n${rest}`)).promo).toEqual({ is: 'unsaid' });
  });

  it('goes on in the old order, past what is gone as well, to the end where nothing is left', () => {
    const short = plan('steps:\n  - { id: intro, send: intro }\nremoved: { promo: continue }\n');
    expect(places(short).promo).toEqual({ is: 'ended', outcome: 'finished' });
  });

  it('is another one where the id has another verb', () => {
    expect(places(plan(`steps:\n  - { id: promo, send: intro }\n${rest}`)).promo).toEqual({ is: 'unsaid' });
  });

  it('of a step that came later goes on where the author goes back', () => {
    const later = plan(
      'steps:\n  - { id: intro, send: intro }\n  - { id: more, wait: 1d }\n  - { id: pause, wait: 5d }\n',
    );
    const place = (lineage: Lineage) => createPassage(later, v1, lineage).placeOf('more');
    expect(place(noLineage)).toEqual({ is: 'unsaid' });
    expect(place({ ...noLineage, madeAt: { [v1.hash]: 1, [later.hash]: 2 } })).toEqual({
      is: 'moved',
      node: 'pause',
    });
  });
});

describe('a run that is moved', () => {
  const renaming = plan(
    'steps:\n  - { id: hello, send: intro }\n  - { id: pause, wait: 5d }\nrenamed: { intro: hello }\n',
  );

  it('remembers under the new names, and never counts a visit twice', () => {
    const there = migrateRun(standing('pause'), createPassage(v1, renaming));
    expect(there.run).toMatchObject({ plan: renaming.hash, node: 'pause', nodeAt: monday });
    expect(there.run.memory).toEqual({
      visits: { intro: 1, hello: 1, pause: 1 },
      happened: { clicked: ['hello'], answered: ['nps'] },
    });
    const visited = {
      ...there.run,
      memory: { ...there.run.memory, visits: { intro: 1, hello: 2, pause: 1 } },
    };
    const back = migrateRun(visited, createPassage(renaming, v1));
    expect(back.run.memory.visits).toEqual({ intro: 2, hello: 2, pause: 1 });
    expect(back.run.memory.happened.clicked).toEqual(['intro']);
  });

  it('hears the answer to what it asked for before its step was renamed', () => {
    const call = (id: string, more = '') =>
      plan(`steps:
  - { id: ${id}, call: 'https://crm.example/hook', retry_for: 6h, on_failure: exit crm-down }
  - { id: last, send: case-study }
${more}`);
    const [before, after] = [call('tell-crm'), call('crm', 'renamed: { tell-crm: crm }\n')];
    const run = standing('tell-crm', { plan: before.hash, wakeAt: monday + 6 * hour });
    const moves = react(programOfBoth(before, after), stateOf({ runs: [run] }), monday + hour);
    const moved = runOf(moves.transitions[0], 'r1');
    expect(moved).toMatchObject({ node: 'crm', wakeAt: monday + 6 * hour, memory: { key: 'tell-crm#1' } });
    const data = { run: 'r1', step: 'crm', key: 'tell-crm#1', is: 'sent' };
    const events = [happening('call.answered', { data })];
    const answered = react(programOfBoth(before, after), stateOf({ runs: [moved], events }), monday + hour);
    expect(answered.transitions[0]).toMatchObject({
      effects: [{ key: 'last#1' }],
      run: { outcome: 'finished' },
    });
    expect(answered.transitions[0]?.run.memory.key).toBeUndefined();
  });

  const moved = (to: Plan, node: string, now: number, parts: Partial<Run> = {}) =>
    react(programOfBoth(v1, to), stateOf({ runs: [standing(node, parts)] }), now);

  it('is due when the new wait says, counted from when it came', () => {
    const to = (wait: string) =>
      plan(`steps:\n  - { id: pause, wait: ${wait} }\n  - { id: last, send: case-study }\n`);
    const longer = moved(to('9d'), 'pause', monday + 2 * day);
    expect(longer).toMatchObject({ nextDueAt: monday + 9 * day, transitions: [{ effects: [] }] });
    expect(longer.transitions[0]?.lines.map(({ what, node }) => [what, node])).toEqual([
      ['migrated', 'pause'],
    ]);
    expect(moved(to('1d'), 'pause', monday + 2 * day).transitions[0]).toMatchObject({
      effects: [{ key: 'last#1' }],
      run: { outcome: 'finished' },
    });
  });

  it('arrives at the step it goes on to, after what happened before has been read', () => {
    const to = plan(`steps:
  - { id: wave, send: intro }
  - { id: last, send: case-study }
exit: [{ when: deal won, outcome: won, goal: true }]
removed: { promo: last }
`);
    const { transitions } = moved(to, 'promo', monday + hour);
    expect(transitions[0]).toMatchObject({
      effects: [{ key: 'last#1', dueAt: monday + hour }],
      run: { outcome: 'finished', memory: { visits: { intro: 1, promo: 1, last: 1 } } },
    });
    const state = stateOf({
      runs: [standing('promo')],
      events: [stageChange('Won', { data: { from: 'Offer' } })],
    });
    const won = react(programOfBoth(v1, to), state, monday + hour);
    expect(won.transitions[0]).toMatchObject({ effects: [], run: { outcome: 'won', goal: true } });
  });

  it('stops what is queued of a step that is gone, and keeps the rest under its new name', () => {
    const to = plan(
      'steps:\n  - { id: hello, send: intro }\n  - { id: pause, wait: 5d }\nrenamed: { intro: hello }\nremoved: { last: exit }\n',
    );
    expect(moved(to, 'pause', monday).transitions[0]?.edit).toEqual({
      stops: ['promo', 'ask', 'thanks', 'last'],
      why: 'the workflow was edited: its step is gone',
      renamed: { intro: 'hello' },
    });
  });

  it('begins again under `restart`, and asks under new keys', () => {
    const to = plan(
      'steps:\n  - { id: intro, send: intro }\n  - { id: pause, wait: 5d }\nin_flight: restart\n',
    );
    const [transition] = moved(to, 'pause', monday + day).transitions;
    expect(transition).toMatchObject({
      effects: [{ key: 'intro#2' }],
      run: { node: 'pause', nodeAt: monday + day, memory: { visits: { intro: 2, pause: 2 }, happened: {} } },
    });
    expect(transition?.edit?.stops).toEqual(expect.arrayContaining(['intro', 'last']));
  });

  it.each(['pin', 'drain'])('stays where it is under `%s`', (policy) => {
    const to = plan(`steps:\n  - { id: last, send: case-study }\nin_flight: ${policy}\n`);
    expect(moved(to, 'pause', monday + hour, { wakeAt: monday + 5 * day })).toMatchObject({
      transitions: [],
    });
  });

  it('stays for good on a version whose people were pinned to it', () => {
    const to = plan('steps:\n  - { id: pause, wait: 9d }\n');
    const runs = [standing('pause', { wakeAt: monday + 5 * day })];
    const program = (pinned: string[]) => programOfBoth(v1, to, { ...noLineage, pinned });
    expect(react(program([v1.hash]), stateOf({ runs }), monday).transitions).toEqual([]);
    expect(react(program([]), stateOf({ runs }), monday).transitions).toHaveLength(1);
  });

  it('waits at the door for the day that it has, or is given another under another limit', () => {
    const limited = (limit: string) =>
      plan(`steps:\n  - { id: intro, send: intro }\n`.replace('steps', `${limit}steps`));
    const doors = (perDay: number | null) => ({
      ...limited(''),
      hash: `door-${perDay}`,
      enter: { ...v1.enter, perDay },
    });
    const atDoor = { ...standing('@door'), plan: 'door-5', wakeAt: monday + 3 * day };
    const at = (perDay: number | null, body = doors(perDay)) =>
      react(programOfBoth(doors(5), { ...body, hash: `new-${perDay}` }), stateOf({ runs: [atDoor] }), monday);
    expect(at(5).transitions[0]).toMatchObject({
      perDay: null,
      run: { node: '@door', wakeAt: monday + 3 * day },
    });
    expect(at(50).transitions[0]).toMatchObject({ perDay: 50, run: { node: '@door' }, effects: [] });
    expect(at(null).transitions[0]).toMatchObject({ perDay: null, effects: [{ key: 'intro#2' }] });
  });
});
