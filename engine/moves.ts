// Runs whose workflow was edited, moved before anything else happens to them: whoever holds the contact first does it,
// a worker that was about to react or the apply that goes through all of them, and both do the same. So nobody acts
// on an old plan after the new one is applied, and the numbers of `plan` are those of `apply`.
import { endRun, line, standsUntil } from './advance.ts';
import { createDesk, type Desk, factsOf, openSeats, planOf, record, type Seat } from './desk.ts';
import { door } from './gates.ts';
import { migrateRun } from './migrate.ts';
import type { Passage, Program } from './plan.ts';
import type { ContactState, QueueEdit, Reaction } from './reaction.ts';

/** Moves the contact's runs, reads no event and does nothing else; the contact is due at once. */
export function moveRuns(program: Program, state: ContactState, now: number): Reaction {
  const desk = createDesk(program, state, now);
  moveSeats(desk);
  const transitions = desk.seats.flatMap((seat) => seat.transition ?? []);
  // What the agenda says is kept: moments from then to now have not been looked at.
  return {
    contactId: state.contactId,
    transitions,
    read: [],
    score: null,
    nextDueAt: Math.min(state.dueAt ?? now, now),
  };
}

export function moveSeats(desk: Desk): void {
  for (const seat of openSeats(desk)) {
    const passage = desk.program.passages.get(seat.run.plan);
    if (passage !== undefined) moveSeat(desk, seat, passage);
  }
}

function moveSeat(desk: Desk, seat: Seat, passage: Passage): void {
  const { now } = desk;
  const { run, outcome, why } = migrateRun(seat.run, passage);
  const migrated = line('migrated', run.node, why, now, null);
  if (outcome !== null) {
    const lines = [migrated, line('ended', run.node, why, now, null)];
    record(desk, seat, { run: endRun(run, outcome, false, now), lines }, true);
    return;
  }
  const situation = { ...desk, linked: planOf(desk, run), facts: factsOf(desk, run.dealId) };
  const wakeAt = run.memory.arriving === true ? now : standsUntil(run, situation);
  record(desk, seat, { run: { ...run, wakeAt }, lines: [migrated] });
  if (seat.transition === null) return;
  const edit = editOf(passage, seat.transition.run.memory.arriving === true);
  const { perDay } = passage.to.enter;
  // Under another limit the days at the door are given anew.
  const isReplaced = run.node === door.id && perDay !== passage.from.enter.perDay;
  seat.transition = { ...seat.transition, edit, perDay: isReplaced ? perDay : null };
}

/** What is queued of a step that is gone must not leave; a run that begins again asks for everything anew. */
function editOf({ restarts, from, to, gone, renamed }: Passage, arrives: boolean): QueueEdit | null {
  const all = restarts && arrives;
  const stops = all ? [...new Set([...Object.keys(from.nodes), ...Object.keys(to.nodes)])] : gone;
  if (stops.length === 0 && Object.keys(renamed).length === 0) return null;
  return {
    stops,
    why: all ? 'the workflow was edited, and began again' : 'the workflow was edited: its step is gone',
    renamed: all ? {} : renamed,
  };
}
