// Scores inside the engine: what conditions see, what is heard when a level is crossed, and when a contact is due for it.
import { describe, expect, it } from 'vitest';
import { leftAfter } from '../../engine/decay.ts';
import { react } from '../../engine/react.ts';
import type { ContactState, Reaction } from '../../engine/reaction.ts';
import { simulate } from '../../engine/simulate.ts';
import { day, happening, hour, monday, programOf, runOf, stateOf } from './fixture.ts';

const handOver = programOf(
  'workflow: hand-over\nenter: { when: contact reaches MQL, again: always }\nsteps:\n  - id: watch\n    wait: 90d\n    until: contact drops below MQL\n',
);
const click = (at = monday, data = {}) =>
  happening('mail.clicked', { at, data: { class: 'human', ...data } });
const webinar = (at = monday) => happening('webinar.joined', { at });
const large = { contact: { id: 'c1', employees: 200 }, deals: {} };
/** Somebody of whom nothing has been read yet. */
const fresh = (parts: Partial<ContactState>) => {
  const state = stateOf({ ...large, ...parts });
  return { ...state, log: state.events };
};
const next = (before: ContactState, { score, transitions }: Reaction, parts: Partial<ContactState>) => {
  const { log: _, ...state } = before;
  const runs = transitions.map((one, i) => runOf(one, `r${i}`)).filter(({ endedAt }) => endedAt === null);
  return { ...state, events: [], runs, score: score ?? before.score ?? null, ...parts };
};

describe('a score in the engine', () => {
  it('is a fact for conditions: fit of the leading deal, engagement of people alone, grade and thresholds', () => {
    const program = programOf(
      'workflow: seen\nenter:\n  when: contact replies\n  only_if: contact.score.fit == 50 && contact.score.engagement == 20 && contact.score.total == 70 && contact.score.grade == "A3" && contact.reached.MQL && !contact.reached.SQL\nsteps: []\n'.replace(
        'steps: []',
        'steps:\n  - { id: done, exit: seen }',
      ),
    );
    const deals = {
      old: { id: 'old', stage: 'Lost', updated_at: 9, budget: 'none' },
      open: { id: 'open', stage: 'Offer', updated_at: 5, budget: 'set' },
    };
    const machine = click(monday, { class: 'scanner' });
    const events = [click(), click(), machine, happening('mail.replied')];
    const { transitions } = react(program, fresh({ deals, events }), monday);
    expect(transitions).toMatchObject([{ run: { outcome: 'seen' } }]);
  });

  it('tells a threshold that an event reaches, once, and lets somebody in by it', () => {
    const events = [webinar(), click(), click(), click()];
    const { transitions } = react(handOver, fresh({ events }), monday);
    expect(transitions).toHaveLength(1);
    expect(transitions[0]?.lines[0]).toMatchObject({
      what: 'entered',
      why: 'contact reaches MQL',
      eventId: null,
    });
  });

  it('is due at the very millisecond at which time takes it below, and hears it then', () => {
    const state = fresh({ events: [webinar(), click(), click(), click()] });
    const first = react(handOver, state, monday);
    // 25 halving in 10 days and 30 in 30 days, over a fit of 30: below 60 once less than 30 is left.
    const left = (at: number) =>
      25 * leftAfter(at - monday, 10 * day) + 30 * leftAfter(at - monday, 30 * day);
    const due = first.nextDueAt ?? 0;
    expect(left(due)).toBeLessThan(30);
    expect(left(due - 1)).toBeGreaterThanOrEqual(30);
    const before = next(state, first, { dueAt: due });
    expect(react(handOver, before, due - 1).transitions).toEqual([]);
    expect(react(handOver, before, due).transitions).toMatchObject([
      { run: { outcome: 'finished' }, lines: [{ why: 'contact drops below MQL' }, {}] },
    ]);
  });

  it('a worker that comes late hears what time did before it hears the event that came after', () => {
    const state = fresh({ events: [webinar(), click(), click(), click()] });
    const first = react(handOver, state, monday);
    const due = first.nextDueAt ?? 0;
    const late = next(state, first, { dueAt: due, events: [webinar(due + hour), click(due + hour)] });
    const { transitions } = react(handOver, late, due + day);
    expect(transitions.map(({ run }) => run.outcome)).toEqual(['finished', null]);
  });

  it('somebody who stands above a level when a workflow begins to listen has not risen to it', () => {
    const past = [webinar(), click(), click(), click()];
    const known = stateOf({ ...large, events: [], score: null });
    const first = react(handOver, { ...known, log: past }, monday + hour);
    expect(first.transitions).toEqual([]);
    expect(first.score?.levels).toEqual({ '@MQL': true });
  });

  it('a late event counts where it belongs: the log is folded anew', () => {
    const log = [click(monday), click(monday + day), click(monday + 2 * day)];
    const [one, two, three] = log;
    const program = handOver;
    const inOrder = react(program, fresh({ events: log }), monday + 3 * day);
    const state = fresh({ events: [one, three].flatMap((each) => each ?? []) });
    const first = react(program, state, monday + 3 * day);
    const second = react(
      program,
      { ...next(state, first, { events: two ? [two] : [] }), log },
      monday + 3 * day,
    );
    expect(second.score?.state).toEqual(inOrder.score?.state);
  });

  it('a fact that a step sets may cross a level, and is heard at once', () => {
    const program = programOf(
      'workflow: grow\nenter: { when: contact replies }\nsteps:\n  - id: size\n    set: { contact.employees: 500 }\n',
      'workflow: big\nenter: { when: contact.score.fit rises above 29 }\nsteps:\n  - { id: done, exit: big }\n',
    );
    const contact = { id: 'c1', employees: 1 };
    const { transitions } = react(program, fresh({ contact, events: [happening('mail.replied')] }), monday);
    expect(transitions.map(({ run }) => run.workflow)).toEqual(['grow', 'big']);
  });

  it('two workflows that push a score up and down come to rest', () => {
    const program = programOf(
      'workflow: up\nenter: { when: contact.score.fit falls below 30, again: always }\nsteps:\n  - id: size\n    set: { contact.employees: 500 }\n',
      'workflow: down\nenter: { when: contact.score.fit rises above 29, again: always }\nsteps:\n  - id: size\n    set: { contact.employees: 1 }\n',
    );
    const contact = { id: 'c1', employees: 500 };
    const { transitions } = react(program, fresh({ contact, events: [click()] }), monday);
    expect(transitions.length).toBeGreaterThan(1);
    expect(transitions.length).toBeLessThan(20);
  });

  it('points that a step gives are counted from the event that it raises', () => {
    const program = programOf(
      'workflow: give\nenter: { when: contact replies }\nsteps:\n  - id: rescore\n    score: { add: 30, because: replied }\n',
      'workflow: warm\nenter: { when: contact.score.engagement rises above 29 }\nsteps:\n  - { id: done, exit: warm }\n',
    );
    const { timeline } = simulate(program, {
      contact: { id: 'c1' },
      deals: {},
      events: [happening('mail.replied', { at: monday })],
      from: monday,
      until: monday + day,
    });
    expect(timeline.map(({ workflow, what }) => `${workflow} ${what}`)).toEqual([
      'give entered',
      'give moved',
      'give ended',
      'warm entered',
      'warm ended',
    ]);
  });

  it('what a story gives stands as it is', () => {
    const program = programOf(
      'workflow: hot\nenter:\n  when: contact replies\n  only_if: contact.score.engagement >= 80 && contact.reached.MQL\nsteps:\n  - { id: done, exit: hot }\n',
    );
    const contact = { id: 'c1', score: { engagement: 80 } };
    const { transitions } = react(program, fresh({ contact, events: [happening('mail.replied')] }), monday);
    expect(transitions).toHaveLength(1);
  });
});

it('what was learnt from decided deals is a fact for conditions', () => {
  const program = programOf(
    'workflow: likely\nenter:\n  when: deal.stage enters "Offer"\n  only_if: deal.predicted.win >= 0.6\nsteps:\n  - { id: done, exit: likely }\n',
  );
  const events = [
    happening('deal.stage_changed', { dealId: 'd1', data: { pipeline: 'sales', from: null, to: 'Offer' } }),
  ];
  const chance = ({ deal }: { deal: { amount?: unknown } | null }) =>
    Number(deal?.amount) > 1_000 ? 0.7 : 0.2;
  const entered = (amount: number, predictWin: typeof program.predictWin) =>
    react({ ...program, predictWin }, stateOf({ deals: { d1: { id: 'd1', amount } }, events }), monday)
      .transitions.length;
  expect([entered(5_000, chance), entered(500, chance), entered(5_000, null)]).toEqual([1, 0, 0]);
});
