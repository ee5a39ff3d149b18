// The timeline as it is printed: what simulate shows, and what the workers' history is held against.
import { describe, expect, it } from 'vitest';
import { printTimeline, simulate } from '../../engine/simulate.ts';
import { day, happening, hour, monday, programOf, stageChange } from './fixture.ts';

it('a timeline is printed with its days', () => {
  const line = { at: monday + day + hour, what: 'queued' as const, node: 'a', why: 'sends a', eventId: null };
  expect(printTimeline([{ ...line, workflow: 'w', runId: 'r', dealId: null }], monday)).toBe(
    'day 1    2026-11-24 11:00  w  a  sends a\n',
  );
});

describe('a task in a rehearsal', () => {
  const program = programOf(`workflow: w
enter: { when: deal.stage enters "Offer" }
steps:
  - id: call
    task: Call
    assign: ivan
    due: 2 business hours
  - id: done-in-time
    wait: 3d
    until: task call is done
    on_event:
      - id: glad
        exit: called
    on_timeout: []
  - id: late
    exit: not-called
`);
  const late = programOf(`workflow: w
enter: { when: deal.stage enters "Offer" }
exit: [{ when: task call is overdue, outcome: too-late }]
steps:
  - id: call
    task: Call
    assign: ivan
    due: 2 business hours
  - id: wait
    wait: 9d
`);
  const persona = { contact: { id: 'c1' }, deals: { d1: { id: 'd1', pipeline: 'sales' } } };
  const play = (of: typeof program, ...more: Parameters<typeof happening>[]) =>
    simulate(of, {
      ...persona,
      events: [stageChange('Offer'), ...more.map((one) => happening(...one))],
      from: monday,
      until: monday + 20 * day,
    }).timeline.at(-1);
  const done = { at: monday + hour, dealId: 'd1', data: { step: 'call' } };

  it('is told in words, and is done where the story says so', () => {
    expect(play(program, ['task.done', done])).toMatchObject({
      what: 'ended',
      at: monday + hour,
      node: 'glad',
    });
    expect(play(program)).toMatchObject({ what: 'ended', at: monday + 3 * day, node: 'late' });
  });

  it('is heard by its outcome where one is named', () => {
    const reached = programOf(`workflow: w
enter: { when: deal.stage enters "Offer" }
exit: [{ when: task call is done as reached, outcome: spoken-to }]
steps:
  - id: call
    task: Call
    assign: ivan
    due: 4h
  - id: wait
    wait: 9d
`);
    const as = (outcome: string) => ({ ...done, data: { step: 'call', outcome } });
    expect(play(reached, ['task.done', as('reached')])).toMatchObject({ at: monday + hour });
    expect(play(reached, ['task.done', as('no-answer')])).toMatchObject({ at: monday + 9 * day });
    expect(play(reached, ['task.done', done])).toMatchObject({ at: monday + 9 * day });
  });

  it('that nobody closes is overdue when it is due, in the owner’s business time; one that is done is not', () => {
    expect(play(late)).toMatchObject({
      what: 'ended',
      at: monday + 2 * hour,
      why: 'task call is overdue',
    });
    expect(play(late, ['task.done', done])).toMatchObject({ at: monday + 9 * day });
  });
});

describe('a task that holds the mail', () => {
  const letters = `workflow: letters
enter: { when: deal.stage enters "Offer" }
topic: marketing
steps:
  - id: soon
    wait: 1d
  - id: letter
    send: case-study
`;
  const call = `workflow: call
enter: { when: deal.stage enters "Offer" }
steps:
  - id: call
    task: Call
    assign: ivan
    due: 2h
    holds_mail: 10d
  - id: spoken
    wait: 20d
    until: task call is closed
  - id: outcome
    branch:
      - if: outcome("call") == "reached"
        steps:
          - id: good
            exit: good
      - if: outcome("call") == "cancelled"
        steps:
          - id: none
            exit: none
      - else: []
`;
  const persona = {
    contact: { id: 'c1', consent: { marketing: true } },
    deals: { d1: { id: 'd1', pipeline: 'sales' } },
  };
  const play = (...closings: ReturnType<typeof happening>[]) => {
    const events = [stageChange('Offer'), ...closings];
    const { rehearsal } = simulate(programOf(letters, call), {
      ...persona,
      events,
      from: monday,
      until: monday + 30 * day,
    });
    const sent = rehearsal.asked.find(({ verb }) => verb === 'send');
    const run = [...rehearsal.runs.values()].find(({ workflow }) => workflow === 'call');
    return [sent && (sent.askedAt - monday) / day, run?.outcome];
  };
  const closed = (type: string, at: number, data = {}) =>
    happening(type, { at, data: { step: 'call', ...data } });

  it.each([
    ['goes on once it is done', [closed('task.done', monday + 4 * day, { outcome: 'reached' })], [4, 'good']],
    ['goes on once it is cancelled', [closed('task.cancelled', monday + 5 * day)], [5, 'none']],
    ['goes on after the longest time, where nobody closes it', [], [10, 'finished']],
  ])('%s, and so do the letters of another workflow', (_, closings, expected) => {
    expect(play(...closings)).toEqual(expected);
  });

  it('that is closed before the letter is due does not put it off', () => {
    expect(play(closed('task.done', monday + hour))).toEqual([1, 'finished']);
  });
});
