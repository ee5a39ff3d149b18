// What one reaction does, as tables of (runs, events, now) to transitions.
import { describe, expect, it } from 'vitest';
import { react } from '../../engine/react.ts';
import { simulate } from '../../engine/simulate.ts';
import { day, happening, hour, monday, programOf, runOf, stageChange, stateOf } from './fixture.ts';

const nurture = `
workflow: nurture
enter:
  when: deal.stage enters "Qualification"
  only_if: deal.amount >= 1000
exit:
  - when: deal.stage leaves "Qualification"
    outcome: moved-on
    goal: true
  - when: contact replies
    outcome: replied
topic: marketing
steps:
  - id: intro
    send: intro
  - id: pause
    wait: 2d
    until: contact clicks intro
    on_event:
      - id: reward
        send: case-study
    on_timeout: []
  - id: more
    wait: 3d
  - id: done
    exit: no-response
`;

function entered() {
  const program = programOf(nurture);
  const { transitions } = react(program, stateOf({ events: [stageChange('Qualification')] }), monday);
  const run = runOf(transitions[0]);
  return { program, run, entries: [{ workflow: 'nurture', dealId: 'd1', enteredAt: monday }] };
}

describe('a contact whose deal enters the stage', () => {
  it('begins a run, asks for the first mail, and stands at the first wait', () => {
    const event = stageChange('Qualification');
    const reaction = react(programOf(nurture), stateOf({ events: [event] }), monday);
    expect(reaction.read).toEqual([event.id]);
    expect(reaction.nextDueAt).toBe(monday + 2 * day);
    const [transition] = reaction.transitions;
    expect(transition?.isNew).toBe(true);
    expect(transition?.run).toMatchObject({
      node: 'pause',
      nodeAt: monday,
      wakeAt: monday + 2 * day,
      dealId: 'd1',
    });
    expect(transition?.effects).toEqual([
      {
        key: 'intro#1',
        verb: 'send',
        node: 'intro',
        topic: 'marketing',
        payload: { template: 'intro' },
        dueAt: monday,
        expiresAt: monday + 3 * day,
      },
    ]);
    expect(transition?.lines.map(({ what, node, why }) => [what, node, why])).toEqual([
      ['entered', null, 'deal.stage enters "Qualification"'],
      ['queued', 'intro', 'sends intro'],
      ['waits', 'pause', 'waits until Wed 25 Nov 2026 10:00 or until contact clicks intro'],
    ]);
  });

  it.each([
    ['whose condition does not hold', { deals: { d1: { amount: 999 } } }],
    ['whose condition asks for a fact that is not known', { deals: { d1: {} } }],
    ['whose change arrived late', { events: [stageChange('Qualification', { data: { late: true } })] }],
    ['whose deal comes to another stage', { events: [stageChange('Offer')] }],
    ['which entered before', { entries: [{ workflow: 'nurture', dealId: 'd1', enteredAt: 0 }] }],
  ])('begins nothing for a deal %s', (_, parts) => {
    const state = stateOf({ events: [stageChange('Qualification')], ...parts });
    const reaction = react(programOf(nurture), state, monday);
    expect(reaction.transitions).toEqual([]);
    expect(reaction.read).toHaveLength(1);
    expect(reaction.nextDueAt).toBeNull();
  });

  it('runs once for each deal, and never twice at once for one', () => {
    const program = programOf(nurture.replace('exit:', '  again: always\nexit:'));
    const events = [
      stageChange('Qualification'),
      stageChange('Qualification', { dealId: 'd2' }),
      stageChange('Qualification', { data: { from: 'Offer' } }),
    ];
    const deals = { d1: { amount: 5000 }, d2: { amount: 5000 } };
    const { transitions } = react(program, stateOf({ events, deals }), monday);
    expect(transitions.map(({ run }) => run.dealId)).toEqual(['d1', 'd2']);
  });

  it.each([
    ['never', 400 * day, 0],
    ['always', 1, 1],
    ['after 90 days', 89 * day, 0],
    ['after 90 days', 90 * day, 1],
  ])('again: %s, %d ms later, begins %d more', (again, ms, more) => {
    const program = programOf(nurture.replace('exit:', `  again: ${again}\nexit:`));
    const entries = [{ workflow: 'nurture', dealId: 'd1', enteredAt: monday }];
    const events = [stageChange('Qualification')];
    expect(react(program, stateOf({ events, entries }), monday + ms).transitions).toHaveLength(more);
  });
});

describe('a run that waits', () => {
  it('goes on when its time has come, and not a millisecond before', () => {
    const { program, run, entries } = entered();
    const early = react(program, stateOf({ runs: [run], entries }), monday + 2 * day - 1);
    expect(early.transitions).toEqual([]);
    expect(early.nextDueAt).toBe(monday + 2 * day);
    const due = react(program, stateOf({ runs: [run], entries }), monday + 2 * day);
    expect(due.transitions[0]?.run).toMatchObject({ node: 'more', wakeAt: monday + 5 * day });
    expect(due.transitions[0]?.effects).toEqual([]);
  });

  it('takes the arm of the event that it waits for', () => {
    const { program, run, entries } = entered();
    const click = happening('mail.clicked', { data: { run: 'r1', step: 'intro', class: 'human' } });
    const { transitions } = react(program, stateOf({ runs: [run], entries, events: [click] }), monday + hour);
    expect(transitions[0]?.run.node).toBe('more');
    expect(transitions[0]?.effects.map(({ key }) => key)).toEqual(['reward#1']);
    expect(transitions[0]?.run.memory.happened).toEqual({ clicked: ['intro'] });
  });

  it.each([
    ['a scanner’s click', { run: 'r1', step: 'intro', class: 'scanner' }],
    ['a click in another run’s mail', { run: 'r9', step: 'intro', class: 'human' }],
    ['a click in another step’s mail', { run: 'r1', step: 'reward', class: 'human' }],
  ])('stays for %s', (_, data) => {
    const { program, run, entries } = entered();
    const events = [happening('mail.clicked', { data })];
    const { transitions } = react(program, stateOf({ runs: [run], entries, events }), monday + hour);
    expect(transitions.filter((one) => one.run.node !== 'pause')).toEqual([]);
  });

  it('reckons its time from when it arrived, so a shortened wait is due at once', () => {
    const { run, entries } = entered();
    const program = programOf(nurture.replace('wait: 2d', 'wait: 1h'));
    const moved = { ...run, plan: program.current[0]?.plan.hash ?? '' };
    const { transitions } = react(program, stateOf({ runs: [moved], entries }), monday + 2 * day);
    expect(transitions[0]?.run).toMatchObject({ node: 'more', nodeAt: monday + 2 * day });
  });
});

describe('a run ends', () => {
  it.each([
    ['its own exit', stageChange('Offer', { data: { from: 'Qualification' } }), 'moved-on', true],
    ['a reply', happening('mail.replied', { data: { run: 'r1', step: 'intro' } }), 'replied', false],
    [
      'its topic being unsubscribed',
      happening('contact.unsubscribed', { data: { topic: 'marketing' } }),
      'unsubscribed',
      false,
    ],
    [
      'everything being unsubscribed',
      happening('contact.unsubscribed', { data: { topic: '*' } }),
      'unsubscribed',
      false,
    ],
    ['a hard bounce', happening('mail.bounced', { data: { hard: true } }), 'bounced', false],
    ['a complaint', happening('mail.complained'), 'complained', false],
    ['its contact being erased', happening('contact.erased'), 'erased', false],
    ['its deal being deleted', happening('deal.deleted', { dealId: 'd1' }), 'deal-deleted', false],
    ['its deal going over', happening('deal.contact_changed', { dealId: 'd1' }), 'deal-moved', false],
  ])('by %s, and takes back what has not left', (_, event, outcome, goal) => {
    const { program, run, entries } = entered();
    const reaction = react(program, stateOf({ runs: [run], entries, events: [event] }), monday + hour);
    expect(reaction.transitions[0]).toMatchObject({
      cancels: true,
      effects: [],
      run: { outcome, goal, node: null, wakeAt: null, endedAt: monday + hour },
    });
    expect(reaction.nextDueAt).toBeNull();
  });

  it.each([
    ['another topic being unsubscribed', happening('contact.unsubscribed', { data: { topic: 'news' } })],
    ['a soft bounce', happening('mail.bounced', { data: { hard: false } })],
    ['another deal being deleted', happening('deal.deleted', { dealId: 'd2' })],
    ['another deal going over', happening('deal.contact_changed', { dealId: 'd2' })],
    ['another deal moving on', stageChange('Offer', { dealId: 'd2', data: { from: 'Qualification' } })],
    [
      'a stage change that arrived late',
      stageChange('Offer', { data: { from: 'Qualification', late: true } }),
    ],
  ])('not by %s', (_, event) => {
    const { program, run, entries } = entered();
    const { transitions } = react(program, stateOf({ runs: [run], entries, events: [event] }), monday + hour);
    expect(transitions).toEqual([]);
  });

  it('before its timer is looked at, however late the worker is', () => {
    const { program, run, entries } = entered();
    const event = happening('contact.unsubscribed', { at: monday + 9 * day, data: { topic: 'marketing' } });
    const { transitions } = react(
      program,
      stateOf({ runs: [run], entries, events: [event] }),
      monday + 10 * day,
    );
    expect(transitions).toHaveLength(1);
    expect(transitions[0]).toMatchObject({ effects: [], run: { outcome: 'unsubscribed' } });
  });

  it('by itself, and then takes nothing back', () => {
    const { program, run, entries } = entered();
    const standing = { ...run, node: 'more', nodeAt: monday, wakeAt: monday + 3 * day };
    const { transitions } = react(program, stateOf({ runs: [standing], entries }), monday + 3 * day);
    expect(transitions[0]).toMatchObject({ cancels: false, run: { outcome: 'no-response', goal: false } });
  });
});

it('a worker that is late does one step at a time, not all that it missed', () => {
  const { program, run, entries } = entered();
  const { transitions } = react(program, stateOf({ runs: [run], entries }), monday + 30 * day);
  expect(transitions[0]?.run).toMatchObject({
    node: 'more',
    nodeAt: monday + 30 * day,
    wakeAt: monday + 33 * day,
  });
});

it('a run whose plan is not loaded is a fault that names it', () => {
  const { run } = entered();
  const program = programOf(nurture.replace('wait: 2d', 'wait: 9d'));
  expect(() => react(program, stateOf({ runs: [run] }), monday + 2 * day)).toThrow(/run r1 of nurture/);
});

it('workflows that move a deal in a circle come to rest', () => {
  const circle = (name: string, from: string, to: string) => `
workflow: ${name}
enter: { when: deal.stage enters "${from}", again: always }
steps:
  # lint-ignore workflow-loop: what a marketer insists on must come to rest too
  - { id: on, move: ${to} }
`;
  const program = programOf(circle('there', 'New', 'Offer'), circle('back', 'Offer', 'New'));
  const deals = { d1: { id: 'd1', pipeline: 'sales', stage: 'New' } };
  const events = [stageChange('New')];
  const { rehearsal } = simulate(program, { contact: {}, deals, events, from: monday, until: monday + day });
  expect(rehearsal.runs.size).toBe(9);
});

it.each([
  ['begins a run about the deal that it names', 'd1', ['d1']],
  ['begins none where it names no deal', null, []],
])('with per: deal, an event that may name a deal %s', (_, dealId, expected) => {
  const program = programOf(`
workflow: asked
enter: { when: form "offer" submitted, per: deal }
steps:
  - { id: pause, wait: 1d }
`);
  const asked = happening('form.submitted', { dealId, data: { form: 'offer' } });
  const { transitions } = react(program, stateOf({ events: [asked] }), monday);
  expect(transitions.map(({ run }) => run.dealId)).toEqual(expected);
});
