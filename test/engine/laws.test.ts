// What holds for every workflow and every history, by property testing over generated ones. A counterexample prints
// its seed; each of these laws is what a promise in the README rests on.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../engine/compile.ts';
import { react } from '../../engine/react.ts';
import {
  openRehearsal,
  type Rehearsal,
  recordEvent,
  step,
  type TimelineLine,
} from '../../engine/rehearsal.ts';
import { printTimeline, simulate } from '../../engine/simulate.ts';
import type { Happening } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { events, persona, theEnd, workflow } from './arbitrary.ts';
import { catalogue, hour, monday, programOf } from './fixture.ts';

const runs = { numRuns: 60 };

function simulated(text: string, happenings: readonly Happening[], until = theEnd) {
  return simulate(programOf(text), { ...persona, events: happenings, from: monday, until });
}

const toldBy = ({ timeline }: { readonly timeline: readonly TimelineLine[] }) =>
  printTimeline(timeline, monday);

describe('for every workflow and every history', () => {
  it('the same input gives the same plan and the same timeline', () => {
    fc.assert(
      fc.property(workflow, events, (text, happenings) => {
        const plans = [1, 2].map(() => compile([{ path: 'w.yaml', text }], steps, catalogue).plans);
        expect(plans[0]).toEqual(plans[1]);
        expect(simulated(text, happenings).timeline).toEqual(
          simulated(text, [...happenings].reverse()).timeline,
        );
      }),
      runs,
    );
  });

  it('no run asks twice under one key', () => {
    fc.assert(
      fc.property(workflow, events, (text, happenings) => {
        const { rehearsal } = simulated(text, happenings);
        const keys = rehearsal.asked.map(({ runId, key }) => `${runId} ${key}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      runs,
    );
  });

  it('an event that comes twice changes nothing', () => {
    fc.assert(
      fc.property(workflow, events, fc.nat(30 * 24), (text, happenings, later) => {
        const replayed = happenings.map((event) => ({ ...event, at: event.at + later * hour }));
        const once = simulated(text, happenings);
        expect(simulated(text, [...happenings, ...replayed]).timeline).toEqual(once.timeline);
      }),
      runs,
    );
  });

  it('looking more often changes nothing', () => {
    fc.assert(
      fc.property(
        workflow,
        events,
        fc.array(fc.nat(90 * 24), { maxLength: 30 }),
        (text, happenings, looks) => {
          const program = programOf(text);
          const rehearsal = openRehearsal(program, persona);
          const moments = [...new Set([...looks.map((hours) => monday + hours * hour)])];
          walk(rehearsal, happenings, moments);
          expect(toldBy(rehearsal)).toBe(toldBy(simulated(text, happenings)));
        },
      ),
      runs,
    );
  });

  it('every run ends, and entered equals ended', () => {
    fc.assert(
      fc.property(workflow, events, (text, happenings) => {
        const { rehearsal } = simulated(text, happenings);
        const all = [...rehearsal.runs.values()];
        expect(all.filter((run) => run.endedAt === null)).toEqual([]);
        expect(rehearsal.dueAt).toBeNull();
        const lines = (what: string) => rehearsal.timeline.filter((line) => line.what === what).length;
        expect(lines('entered')).toBe(all.length);
        expect(lines('ended')).toBe(all.length);
      }),
      runs,
    );
  });

  it('a reaction touches nothing that it was given, and is next due later than now, or at once for what it raised', () => {
    fc.assert(
      fc.property(workflow, events, (text, happenings) => {
        const program = programOf(text);
        const state = freeze({
          contactId: 'c1',
          ...persona,
          runs: [],
          entries: [],
          events: happenings,
          dueAt: null,
        });
        const reaction = react(program, state, theEnd);
        expect(react(program, state, theEnd)).toEqual(reaction);
        const raises = reaction.transitions.some((one) => one.raises.length > 0);
        if (raises) expect(reaction.nextDueAt).toBe(theEnd);
        else expect(reaction.nextDueAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(theEnd);
      }),
      runs,
    );
  });
});

/** Walks all due times, all events and the extra moments, in order of time. */
function walk(rehearsal: Rehearsal, happenings: readonly Happening[], looks: readonly number[]): void {
  const times = new Set([...looks, ...happenings.map(({ at }) => at)]);
  for (let now = monday; ; ) {
    for (const event of happenings) if (event.at <= now) recordEvent(rehearsal, event, now);
    if (times.has(now) || (rehearsal.dueAt ?? Number.POSITIVE_INFINITY) <= now) step(rehearsal, now);
    times.delete(now);
    const next = Math.min(...times, rehearsal.dueAt ?? Number.POSITIVE_INFINITY);
    if (next > theEnd) return;
    now = Math.max(now, next);
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}
