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
