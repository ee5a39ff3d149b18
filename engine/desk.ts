// The desk at which one contact is reacted to: its facts, which change under the steps, its runs, and what this
// reaction has done to each of them so far. It lives for one call of react and is seen by nobody else.
import { type Move, mergePatches } from './advance.ts';
import { door } from './gates.ts';
import type { Scene } from './phrase-kind.ts';
import type { LinkedPlan, Program } from './plan.ts';
import type { ContactState, Transition } from './reaction.ts';
import { openRunning, type Running, refit, showScore } from './score-running.ts';
import type { Facts, Fields, Run } from './step.ts';

export interface Desk {
  readonly program: Program;
  readonly contactId: string;
  readonly now: number;
  /** Moments from here to now have not been looked at. */
  readonly since: number;
  contact: Fields;
  /** null where nothing is scored. */
  readonly score: Running | null;
  /** How long the chain of causes is that changed facts in this reaction; see Memory. */
  depth: number;
  readonly deals: { [dealId: string]: Fields };
  readonly seats: Seat[];
  readonly entries: { workflow: string; dealId: string | null; enteredAt: number }[];
}

/** One run, and what this reaction did to it; null while nothing has. */
export interface Seat {
  run: Run;
  transition: Transition | null;
}

export function createDesk(program: Program, state: ContactState, now: number): Desk {
  const since = Math.min(state.dueAt ?? now, now);
  const score = program.scoring === null ? null : openRunning(program.scoring, state, since);
  return {
    program,
    score,
    depth: 0,
    contactId: state.contactId,
    now,
    // What the agenda did not know of was not looked at, so a moment counts from what it said.
    since,
    contact: score === null ? state.contact : showScore(score, state.contact, now),
    deals: { ...state.deals },
    seats: state.runs.map((run) => ({ run, transition: null })),
    entries: [...state.entries],
  };
}

/** Adds a move to what has been done to the run, and lets the facts follow it. */
export function record(
  desk: Desk,
  seat: Seat,
  move: Pick<Move, 'run'> & Partial<Move>,
  cancels = false,
): void {
  const { run, effects = [], patch = {}, raises = [], lines = [] } = move;
  const before = seat.transition;
  const isNew = run.id.startsWith('new:');
  seat.run = run;
  seat.transition = {
    run,
    isNew,
    effects: [...(before?.effects ?? []), ...effects],
    cancels: cancels || before?.cancels === true,
    patch: mergePatches(before?.patch ?? {}, patch),
    raises: [...(before?.raises ?? []), ...raises],
    // Only who has just come to the door is given a day; who waits there has one.
    perDay: isNew && run.node === door.id ? planOf(desk, run).plan.enter.perDay : null,
    edit: before?.edit ?? null,
    lines: [...(before?.lines ?? []), ...lines],
  };
  if (patch.contact) desk.contact = { ...desk.contact, ...patch.contact };
  if (patch.contact || patch.deal) desk.depth = Math.max(desk.depth, (run.memory.depth ?? 0) + 1);
  if (patch.deal && run.dealId !== null)
    desk.deals[run.dealId] = { ...desk.deals[run.dealId], ...patch.deal };
  if (desk.score === null || !(patch.contact || patch.deal)) return;
  refit(desk.score, desk.contact, desk.deals, desk.now);
  desk.contact = showScore(desk.score, desk.contact, desk.now);
}

export function openSeats(desk: Desk): Seat[] {
  return desk.seats.filter((seat) => seat.run.endedAt === null);
}

export function planOf(desk: Desk, run: Run): LinkedPlan {
  const linked = desk.program.byHash.get(run.plan);
  if (linked === undefined)
    throw new Error(`run ${run.id} of ${run.workflow} is pinned to a plan that is not loaded`);
  return linked;
}

/** The prediction is reckoned when it is asked for; few conditions do. */
export function factsOf(desk: Desk, dealId: string | null): Facts {
  const { predictWin } = desk.program;
  const known = dealId === null ? undefined : desk.deals[dealId];
  if (predictWin !== null && known !== undefined) {
    const { contact } = desk;
    const deal: Fields = {
      ...known,
      get predicted() {
        return { win: predictWin({ contact, deal: known }) };
      },
    };
    return { contact, deal };
  }
  return { contact: desk.contact, deal: dealId === null ? null : (desk.deals[dealId] ?? null) };
}

export function sceneOf(desk: Desk, run: Run | null, dealId = run?.dealId ?? null): Scene {
  const facts = factsOf(desk, dealId);
  return { catalogue: desk.program.catalogue, facts, time: desk.program.reckon(facts), run };
}
