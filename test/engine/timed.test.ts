// What time alone brings: entries on a weekday or before a date, endings, idle deals, sending windows, the door of a
// daily limit, and the control group.
import { describe, expect, it } from 'vitest';
import { link } from '../../engine/link.ts';
import { react } from '../../engine/react.ts';
import { simulate } from '../../engine/simulate.ts';
import type { Fields } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import {
  catalogue,
  day,
  happening,
  hour,
  minute,
  monday,
  programOf,
  runOf,
  stageChange,
  stateOf,
} from './fixture.ts';

const deals = { d1: { id: 'd1', pipeline: 'sales', stage: 'Won', renewal_on: '2027-01-20' } };

function told(
  text: string,
  parts: {
    contact?: Fields;
    deals?: { [id: string]: Fields };
    events?: ReturnType<typeof happening>[];
    days?: number;
  },
) {
  const contact = { id: 'c1', consent: { marketing: true }, timezone: 'Europe/Moscow', ...parts.contact };
  // Something must have happened to a contact before it is known at all.
  const first = happening('contact.seen');
  const events = [first, ...(parts.events ?? [])];
  const persona = { contact, deals: parts.deals ?? deals };
  const { timeline } = simulate(programOf(text), {
    ...persona,
    events,
    from: monday,
    until: monday + (parts.days ?? 100) * day,
  });
  return timeline.map(
    ({ at, what, node, why }) => `${new Date(at).toISOString().slice(0, 16)} ${what} ${node}: ${why}`,
  );
}

const entries = (lines: readonly string[]) =>
  lines.filter((line) => line.includes(' entered ')).map((line) => line.slice(0, 16));

describe('an entry that time alone brings', () => {
  const weekly = (again: string) => `
workflow: weekly
enter: { when: every monday at 09:00, again: ${again} }
steps: [{ id: it, exit: done }]
`;

  it('comes every week at the local time, and once', () => {
    expect(entries(told(weekly('always'), { days: 22 }))).toEqual([
      '2026-11-30T06:00',
      '2026-12-07T06:00',
      '2026-12-14T06:00',
    ]);
  });

  it('keeps to its re-entry rule', () => {
    expect(entries(told(weekly('never'), {}))).toEqual(['2026-11-30T06:00']);
    expect(entries(told(weekly('after 14 days'), { days: 36 }))).toEqual([
      '2026-11-30T06:00',
      '2026-12-14T06:00',
      '2026-12-28T06:00',
    ]);
  });

  it('is made up for once by a worker that was away, and not made twice by two looks', () => {
    const program = programOf(weekly('always'));
    const late = monday + 30 * day;
    const state = stateOf({ dueAt: monday });
    const first = react(program, state, late);
    expect(first.transitions).toHaveLength(1);
    const entered = [{ workflow: 'weekly', dealId: null, enteredAt: late }];
    expect(react(program, { ...state, entries: entered }, late + 1).transitions).toEqual([]);
  });

  it('is not brought by a moment that had passed before the workflow was there', () => {
    expect(react(programOf(weekly('always')), stateOf({ dueAt: monday }), monday).transitions).toEqual([]);
  });

  it('comes so long before a date, for each deal that has one', () => {
    const text = `
workflow: renewal
enter: { when: 30 days before deal.renewal_on }
steps: [{ id: it, exit: done }]
`;
    const both = {
      ...deals,
      d2: { ...deals.d1, renewal_on: '2027-02-01T12:00:00Z' },
      d3: { pipeline: 'sales' },
    };
    expect(entries(told(text, { deals: both }))).toEqual(['2026-12-21T06:00', '2027-01-02T12:00']);
  });

  it('comes on each anniversary', () => {
    const text = `
workflow: birthday
enter: { when: anniversary of deal.renewal_on at 10:30, again: always }
steps: [{ id: it, exit: done }]
`;
    const old = { d1: { ...deals.d1, renewal_on: '2024-12-01' } };
    expect(entries(told(text, { deals: old, days: 800 }))).toEqual([
      '2026-12-01T07:30',
      '2027-12-01T07:30',
      '2028-12-01T07:30',
    ]);
  });

  it('comes when a deal has been idle, unless it is closed', () => {
    const text = `
workflow: idle
enter: { when: deal idle for 7d, again: always }
steps: [{ id: it, exit: done }]
`;
    const open = { d1: { pipeline: 'sales', stage: 'Offer', updated_at: monday - day } };
    expect(entries(told(text, { deals: open }))).toEqual(['2026-11-29T10:00']);
    const event = stageChange('Qualification', { at: monday + 3 * day });
    expect(entries(told(text, { deals: open, events: [event] }))).toEqual(['2026-12-03T10:00']);
    expect(entries(told(text, { deals: { d1: { ...open.d1, stage: 'Won' } } }))).toEqual([]);
  });
});

it('an exit that time alone brings ends the run before its timer', () => {
  const text = `
workflow: until-friday
enter: { when: deal.stage enters "Offer" }
exit: [{ when: every friday at 18:00, outcome: weekend }]
steps:
  - { id: pause, wait: 30d }
`;
  expect(told(text, { events: [stageChange('Offer', { at: monday })] }).at(-1)).toBe(
    '2026-11-27T15:00 ended pause: every friday at 18:00',
  );
});

describe('a sending window', () => {
  const text = `
workflow: office
enter: { when: deal.stage enters "Offer" }
topic: marketing
send_window: business hours
steps:
  - { id: hello, send: intro }
  - { id: pause, wait: 1d }
  - { id: more, send: case-study }
`;

  it('holds a mail back until it opens, and waits count from then', () => {
    const friday = Date.UTC(2026, 10, 27, 20);
    expect(told(text, { events: [stageChange('Offer', { at: friday })] })).toEqual([
      '2026-11-27T20:00 entered null: deal.stage enters "Offer"',
      '2026-11-27T20:00 waits hello: waits for business hours until Mon 30 Nov 2026 09:00',
      '2026-11-30T06:00 queued hello: sends intro',
      '2026-11-30T06:00 waits pause: waits until Tue 1 Dec 2026 09:00',
      '2026-12-01T06:00 moved pause: 1 day passed',
      '2026-12-01T06:00 queued more: sends case-study',
      '2026-12-01T06:00 ended more: came to the end',
    ]);
  });

  it('does not keep an exit from stopping the mail', () => {
    const withExit = text.replace('topic:', 'exit: [{ when: contact replies, outcome: replied }]\ntopic:');
    const friday = Date.UTC(2026, 10, 27, 20);
    const events = [stageChange('Offer', { at: friday }), happening('mail.replied', { at: friday + hour })];
    expect(told(withExit, { events }).filter((line) => line.includes('queued'))).toEqual([]);
  });
});

describe('a wait until a moment', () => {
  const text = (moment: string) => `
workflow: moments
enter: { when: deal.stage enters "Offer" }
steps:
  - { id: it, wait_until: ${moment} }
`;
  const ends = (moment: string, fields: Fields = {}) =>
    told(text(moment), {
      deals: { d1: { ...deals.d1, ...fields } },
      events: [stageChange('Offer', { at: monday + minute })],
    }).filter((line) => line.includes(' moved '))[0];

  it.each([
    ['tuesday 09:00', '2026-11-24T06:00 moved it: tuesday 09:00'],
    ['next monday 13:00', '2026-11-30T10:00 moved it: next monday 13:00'],
    ['next business hours', '2026-11-23T10:01 moved it: next business hours has passed'],
    ['deal.renewal_on - 7d', '2027-01-13T06:00 moved it: deal.renewal_on - 7d'],
    ['deal.renewal_on + 1d at 12:00', '2027-01-21T09:00 moved it: deal.renewal_on + 1d at 12:00'],
    ['deal.created_at + 3d', '2026-11-23T10:01 moved it: does not wait: deal.created_at is not known'],
    ['deal.renewal_on - 70d', '2026-11-23T10:01 moved it: deal.renewal_on - 70d has passed'],
  ])('%s', (moment, line) => {
    expect(ends(moment)).toBe(line);
  });
});

/** The program of one workflow of which so many may begin on one day. */
function limited(text: string) {
  const plans = programOf(text).current.map(({ plan }) => ({
    ...plan,
    enter: { ...plan.enter, perDay: 500 },
  }));
  return link(
    plans,
    plans.map(({ hash }) => hash),
    steps,
    catalogue,
  );
}

describe('a workflow with a daily limit', () => {
  const text = `
workflow: slow
enter: { when: deal.stage enters "Offer" }
topic: marketing
steps:
  - { id: hello, send: intro }
`;

  it('lets a run stand at the door, asks the ledger for a day, and goes on when it has come', () => {
    const program = limited(text);
    const first = react(program, stateOf({ events: [stageChange('Offer')] }), monday);
    expect(first.transitions[0]).toMatchObject({
      perDay: 500,
      effects: [],
      run: { node: '@door', wakeAt: monday },
    });
    expect(first.nextDueAt).toBe(monday);
    const run = { ...runOf(first.transitions[0]), id: 'r1', wakeAt: monday + day };
    const runs = [run];
    const early = react(program, stateOf({ runs, events: [happening('form.submitted')] }), monday + hour);
    expect(early).toMatchObject({ transitions: [], nextDueAt: monday + day });
    const inTurn = react(program, stateOf({ runs }), monday + day);
    expect(inTurn.transitions[0]).toMatchObject({ perDay: null, effects: [{ key: 'hello#1' }] });
  });

  it('may be left at the door', () => {
    const withExit = text.replace('topic:', 'exit: [{ when: deal lost, outcome: lost }]\ntopic:');
    const events = [stageChange('Offer'), stageChange('Lost', { data: { from: 'Offer' } })];
    const { transitions } = react(limited(withExit), stateOf({ events }), monday);
    expect(transitions[0]).toMatchObject({ perDay: null, run: { outcome: 'lost' } });
  });
});
