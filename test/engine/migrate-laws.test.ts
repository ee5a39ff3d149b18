// What holds for every pair of versions of a workflow and every history: an edit strands nobody and repeats nothing, there
// and back again, and it does not matter who carries it out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { link } from '../../engine/link.ts';
import { createPassage, type Lineage, noLineage } from '../../engine/migrate.ts';
import { moveRuns } from '../../engine/moves.ts';
import type { Plan, Program } from '../../engine/plan.ts';
import { react } from '../../engine/react.ts';
import { openRehearsal, type Rehearsal, recordEvent, step } from '../../engine/rehearsal.ts';
import type { Happening } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { edited, events, persona, theEnd } from './arbitrary.ts';
import { catalogue, hour, monday, programOf, runOf, stageChange } from './fixture.ts';

/** Both versions known, the second applied. */
function programOfBoth(before: Plan, after: Plan, lineage: Lineage = noLineage): Program {
  return link([before, after], [after.hash], steps, catalogue, lineage);
}

describe('for every pair of versions and every history', () => {
  const madeAt = (...plans: Plan[]) => Object.fromEntries(plans.map(({ hash }, i) => [hash, i]));
  const compiled = (text: string): Plan => {
    const [only] = programOf(text).current;
    if (only === undefined) throw new Error('no plan');
    return only.plan;
  };

  /** Two deals enter on the Monday; then whatever happens. */
  const entries = ['d1', 'd2'].map((dealId) => stageChange('Qualification', { dealId }));
  const history = events.map((happenings) => [...entries, ...happenings]);

  it('the generated ones move people: some stay, some go on, some end', { timeout: 120_000 }, () => {
    const said = fc.sample(edited, { numRuns: 25, seed: 1 }).flatMap((texts) => {
      const [before, after] = [compiled(texts.before), compiled(texts.after)];
      const passage = createPassage(before, after);
      return Object.keys(before.nodes).map(
        (id) => `${passage.placeOf(id).is}${passage.renamed[id] ? ' renamed' : ''}`,
      );
    });
    for (const place of ['kept', 'kept renamed', 'moved', 'ended']) expect(said).toContain(place);
    expect(said).not.toContain('unsaid');
  });

  it('there and back again strands nobody, repeats no key, and tells of every move', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(edited, history, fc.nat(8 * 24), fc.nat(8 * 24), (texts, happenings, first, second) => {
        const [before, after] = [compiled(texts.before), compiled(texts.after)];
        const lineage = {
          madeAt: madeAt(before, after),
          pinned: [],
          renames: { generated: Object.entries(after.renamed) },
        };
        const there = programOfBoth(before, after, lineage);
        const back = link([before, after], [before.hash], steps, catalogue, lineage);
        const rehearsal = openRehearsal(programOf(texts.before), persona);
        const [t1, t2] = [monday + first * hour, monday + (first + second) * hour];
        walk(rehearsal, happenings, monday - 1, t1);
        const onTheWay = apply(rehearsal, there, t1);
        walk(onTheWay, happenings, t1, t2);
        const again = apply(onTheWay, back, t2);
        walk(again, happenings, t2, theEnd);
        const runs = [...again.runs.values()];
        expect(runs.filter(({ endedAt }) => endedAt === null)).toEqual([]);
        const keys = again.asked.map(({ runId, key }) => `${runId} ${key}`);
        expect(new Set(keys).size).toBe(keys.length);
        const moves = again.timeline.filter(({ what }) => what === 'migrated');
        expect(moves.map(({ at }) => at).filter((at) => at !== t1 && at !== t2)).toEqual([]);
        expect(again.dueAt).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('it is the same whether it is moved by whom it meets or by hand before that', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(edited, history, fc.nat(8 * 24), (texts, happenings, hours) => {
        const [before, after] = [compiled(texts.before), compiled(texts.after)];
        const rehearsal = openRehearsal(programOf(texts.before), persona);
        const now = monday + hours * hour;
        walk(rehearsal, happenings, monday - 1, now);
        const program = programOfBoth(before, after);
        const runs = [...rehearsal.runs.values()].filter(({ endedAt }) => endedAt === null);
        const state = { contactId: 'c1', ...persona, runs, entries: [], events: [], dueAt: null };
        const atOnce = react(program, state, now).transitions.map(({ run }) => run);
        const byHand = moveRuns(program, state, now).transitions.map((one) => runOf(one, one.run.id));
        const moved = { ...state, runs: byHand.filter(({ endedAt }) => endedAt === null) };
        const then = new Map(react(program, moved, now).transitions.map(({ run }) => [run.id, run]));
        expect(byHand.map((run) => then.get(run.id) ?? run)).toEqual(atOnce);
      }),
      { numRuns: 30 },
    );
  });

  /** As the ledger: everybody under way is due at once. */
  function apply(rehearsal: Rehearsal, program: Program, now: number): Rehearsal {
    const moved = { ...rehearsal, program, dueAt: now };
    step(moved, now);
    return moved;
  }

  /** Everything that is due or happens after `from`, until `until`. */
  function walk(rehearsal: Rehearsal, happenings: readonly Happening[], from: number, until: number): void {
    let coming = happenings.filter(({ at }) => at > from && at <= until);
    for (;;) {
      const now = Math.min(rehearsal.dueAt ?? Number.POSITIVE_INFINITY, ...coming.map(({ at }) => at));
      if (now > until || now === Number.POSITIVE_INFINITY) return;
      for (const event of coming) if (event.at <= now) recordEvent(rehearsal, event, now);
      coming = coming.filter(({ at }) => at > now);
      step(rehearsal, now);
    }
  }
});
