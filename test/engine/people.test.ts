// Who gets a task, and when it is due for them: absences, stand-ins, owners' zones, and whose turn it is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../engine/catalogue.ts';
import { link } from '../../engine/link.ts';
import { chooseAmong, isAway, nextLookAt, reckonFor } from '../../engine/people.ts';
import type { Assignment, TaskRequest } from '../../engine/requests.ts';
import { giveOut } from '../../engine/turns.ts';
import { catalogue as golden, hour, monday } from './fixture.ts';

const catalogue: Catalogue = {
  ...golden,
  people: {
    anna: { name: 'Anna', email: null, zone: 'Asia/Tokyo', away: [] },
    ben: { name: 'Ben', email: null, zone: 'Europe/London', away: [['2026-11-23', '2026-11-24']] },
    carl: { name: 'Carl', email: null, zone: null, away: [] },
    lead: { name: 'Lea', email: null, zone: null, away: [] },
  },
  teams: { sales: { members: ['anna', 'ben', 'carl'], lead: 'lead' } },
};
const program = link([], [], [], catalogue);
const facts = { contact: {}, deal: { owner: 'ben' } };
const namesFor = (
  assign: Assignment,
  parts: Partial<TaskRequest> = {},
  at = monday,
  owner: string | null = 'ben',
) =>
  chooseAmong(
    program,
    { assign, due: 'PT4H', remind: [], overdue: null, ...parts },
    { contact: {}, deal: owner === null ? null : { owner } },
    at,
  ).candidates.map(({ person }) => person);

describe('who may get a task', () => {
  it('of a team, those who are not away', () => {
    expect(namesFor({ to: 'turn', team: 'sales' })).toEqual(['anna', 'carl']);
    expect(namesFor({ to: 'turn', team: 'sales' }, {}, Date.UTC(2026, 10, 25, 10))).toEqual([
      'anna',
      'ben',
      'carl',
    ]);
  });

  it('away is a day of their own calendar: Ben is back at midnight in London, whatever the day is in Tokyo', () => {
    expect(isAway(catalogue, 'ben', Date.UTC(2026, 10, 24, 23, 59))).toBe(true);
    expect(isAway(catalogue, 'ben', Date.UTC(2026, 10, 25, 0, 0))).toBe(false);
  });

  it('for an owner who is away, the lead of the team comes first', () => {
    expect(namesFor({ to: 'owner' })).toEqual(['lead']);
    expect(namesFor({ to: 'person', person: 'anna' })).toEqual(['anna', 'lead']);
  });

  it('where all are away, those who were meant get it all the same', () => {
    const everybody = Object.fromEntries(
      Object.entries(catalogue.people).map(([name, one]) => [
        name,
        { ...one, away: [['2026-01-01', '2027-01-01']] as const },
      ]),
    );
    const deserted = link([], [], [], { ...catalogue, people: everybody });
    const { candidates } = chooseAmong(
      deserted,
      { assign: { to: 'turn', team: 'sales' }, due: 'PT4H', remind: [], overdue: null },
      facts,
      monday,
    );
    expect(candidates.map(({ person }) => person)).toEqual(['anna', 'ben', 'carl']);
  });

  it('a deal that nobody known owns goes to whom it would escalate, else to nobody', () => {
    expect(namesFor({ to: 'owner' }, { overdue: { is: 'escalate', person: 'lead' } }, monday, null)).toEqual([
      'lead',
    ]);
    expect(namesFor({ to: 'owner' }, {}, monday, 'somebody-else')).toEqual([]);
  });

  it('is due in the business time of whoever gets it', () => {
    const { candidates } = chooseAmong(
      program,
      { assign: { to: 'turn', team: 'sales' }, due: 'business PT2H', remind: ['PT1H'], overdue: null },
      facts,
      monday,
    );
    // 10:00 UTC is 19:00 in Tokyo, after hours: two hours of Tuesday's. At the company it is ten in the morning.
    expect(candidates).toEqual([
      { person: 'anna', dueAt: Date.UTC(2026, 10, 24, 2), lookAt: Date.UTC(2026, 10, 24, 1) },
      { person: 'carl', dueAt: monday + 2 * hour, lookAt: monday + hour },
    ]);
  });

  it('looks at each reminder and at the due time, and then no more', () => {
    const time = reckonFor(program, 'carl');
    const task = { dueAt: monday + 4 * hour, remind: ['PT3H', 'PT1H', 'PT9H'] };
    expect(nextLookAt(task, time, monday)).toBe(monday + hour);
    expect(nextLookAt(task, time, monday + hour)).toBe(monday + 3 * hour);
    expect(nextLookAt(task, time, monday + 3 * hour)).toBe(monday + 4 * hour);
    expect(nextLookAt(task, time, monday + 4 * hour)).toBeNull();
  });
});

describe('whose turn it is', () => {
  const choiceOf = (by: 'first' | 'turn' | 'least', names: readonly string[]) => ({
    by,
    team: by === 'first' ? null : 'sales',
    candidates: names.map((person) => ({ person, dueAt: 1, lookAt: 1 })),
  });

  it('round robin never lets one be more than a turn ahead, whatever was before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 9 }), (count, size) => {
        const names = Array.from({ length: size }, (_, i) => `p${i}`);
        const given = giveOut(Array(count).fill(choiceOf('turn', names)), { turns: {}, loads: {} });
        const each = names.map((name) => given.filter((one) => one.candidate?.person === name).length);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('whoever comes back goes on beside the others, and is not flooded', () => {
    const counts = { turns: { sales: { ann: 500, ben: 500, cat: 20 } }, loads: {} };
    const given = giveOut(Array(7).fill(choiceOf('turn', ['ann', 'ben', 'cat'])), counts);
    expect(given.map((one) => one.candidate?.person)).toEqual([
      'cat',
      'ann',
      'ben',
      'cat',
      'ann',
      'ben',
      'cat',
    ]);
    expect(given.map((one) => one.turn)).toEqual([500, 501, 501, 501, 502, 502, 502]);
  });

  it('the least loaded is found anew after each task, and a fixed owner just gets it', () => {
    const counts = { turns: {}, loads: { ann: 3, ben: 1 } };
    const least = choiceOf('least', ['ann', 'ben']);
    const given = giveOut([least, least, choiceOf('first', ['ben']), least, choiceOf('first', [])], counts);
    expect(given.map((one) => one.candidate?.person ?? null)).toEqual(['ben', 'ben', 'ben', 'ann', null]);
  });
});
