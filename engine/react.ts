// One contact: its runs, its unread events, now: which runs start, move and end, and when it is next due. Events are
// read in order of (at, id), and for each of them endings come before moves and moves before entries; then comes what
// time alone brings. So a worker that is late does not send what an unread event forbids.
import { advance, endRun, line } from './advance.ts';
import { createDesk, type Desk, factsOf, openSeats, planOf, record, type Seat, sceneOf } from './desk.ts';
import { type Ending, endingFor, nextTimedEnding } from './endings.ts';
import { enter, type Occasion, tellEntry } from './enter.ts';
import { door } from './gates.ts';
import { moveSeats } from './moves.ts';
import { hearsPhrase, isOfDeal, isTimed, momentOfPhrase } from './phrase.ts';
import type { LinkedPlan, Program } from './plan.ts';
import type { ContactState, Reaction, Transition } from './reaction.ts';
import { remember } from './remember.ts';
import { countEvent, crossingsAhead, hearCrossings, passCrossings, scoreToKeep } from './score-desk.ts';
import type { Happening } from './step.ts';

export function react(program: Program, state: ContactState, now: number): Reaction {
  const desk = createDesk(program, state, now);
  moveSeats(desk);
  for (const event of state.events) {
    passCrossings(desk, Math.min(event.at, now), hear);
    countEvent(desk, event);
    hear(desk, event);
    hearCrossings(desk, Number(event.data.depth ?? 0), hear);
  }
  passCrossings(desk, now, hear);
  passTime(desk);
  hearCrossings(desk, desk.depth, hear);
  const transitions = desk.seats.flatMap((seat) => seat.transition ?? []);
  return {
    contactId: state.contactId,
    transitions,
    read: state.events.map((event) => event.id),
    nextDueAt: nextDueAt(desk, transitions),
    score: scoreToKeep(desk, state),
  };
}

function hear(desk: Desk, event: Happening): void {
  endRuns(desk, event);
  wakeRuns(desk, event);
  enterRuns(desk, event);
}

function endRuns(desk: Desk, event: Happening): void {
  for (const seat of openSeats(desk)) {
    const ending = endingFor(event, planOf(desk, seat.run).plan, seat.run, sceneOf(desk, seat.run));
    if (ending !== null) endSeat(desk, seat, ending, event.id);
  }
}

function endSeat(desk: Desk, seat: Seat, { outcome, goal, why }: Ending, eventId: string | null): void {
  const ended = line('ended', seat.run.node, why, desk.now, eventId);
  record(desk, seat, { run: endRun(seat.run, outcome, goal, desk.now), lines: [ended] }, true);
}

function wakeRuns(desk: Desk, event: Happening): void {
  for (const seat of openSeats(desk).filter(isPlaced)) {
    const remembered = remember(seat.run, event);
    if (remembered !== seat.run) record(desk, seat, { run: remembered });
    // It arrives once all that happened before has been read.
    if (seat.run.memory.arriving === true) continue;
    const move = advanceSeat(desk, seat, event);
    if (move.lines.length > 0 || move.run.wakeAt !== seat.run.wakeAt) record(desk, seat, move);
  }
}

/** False for a run that has only now come to the door: the ledger has yet to give it a day. */
function isPlaced({ transition }: Seat): boolean {
  return transition === null || transition.perDay === null;
}

function advanceSeat(desk: Desk, { run }: Seat, event: Happening | null) {
  const situation = { ...desk, linked: planOf(desk, run), facts: factsOf(desk, run.dealId) };
  return advance(run, situation, event, false);
}

function enterRuns(desk: Desk, event: Happening): void {
  if (event.data.late === true) return;
  const scene = sceneOf(desk, null, event.dealId);
  for (const linked of desk.program.current)
    if (hearsPhrase(linked.plan.enter.when, event, scene))
      enterRun(
        desk,
        linked,
        { dealId: event.dealId, moment: null, depth: Number(event.data.depth ?? 0) },
        event.id,
      );
}

type Chance = Pick<Occasion, 'dealId' | 'moment' | 'depth'>;

function enterRun(desk: Desk, linked: LinkedPlan, chance: Chance, eventId: string | null): void {
  const { contactId, now } = desk;
  const { dealId } = chance;
  const past = { open: openSeats(desk).map((seat) => seat.run), entries: desk.entries };
  const occasion = { ...chance, contactId, now };
  const run = enter(`new:${desk.seats.length}`, linked, past, occasion, sceneOf(desk, null, dealId));
  if (run === null) return;
  const seat: Seat = { run, transition: null };
  desk.seats.push(seat);
  desk.entries.push({ workflow: run.workflow, dealId: run.dealId, enteredAt: now });
  record(desk, seat, { run, lines: [line('entered', null, tellEntry(linked, run), now, eventId)] });
  if (run.node === door.id) return;
  const situation = { ...desk, linked, facts: factsOf(desk, run.dealId) };
  record(desk, seat, advance(run, situation, null, true));
}

/** Endings and timers, then entries that time alone brings; what was due first comes first. */
function passTime(desk: Desk): void {
  for (const { seat, ending } of dueSeats(desk)) {
    if (ending === null) record(desk, seat, advanceSeat(desk, seat, null));
    else endSeat(desk, seat, ending, null);
  }
  for (const linked of desk.program.current)
    for (const chance of chancesAfter(desk, linked, desk.since - 1))
      if (chance.moment <= desk.now) enterRun(desk, linked, chance, null);
}

interface Due {
  readonly seat: Seat;
  readonly at: number;
  /** null where a timer wakes it. */
  readonly ending: Ending | null;
}

function dueSeats(desk: Desk): Due[] {
  const found = openSeats(desk).flatMap((seat): Due[] => {
    const { enteredAt, wakeAt } = seat.run;
    const ending = timedEnding(desk, seat, Math.max(desk.since - 1, enteredAt));
    if (ending !== null && ending.at <= desk.now) return [{ seat, ...ending }];
    return wakeAt !== null && wakeAt <= desk.now && isPlaced(seat)
      ? [{ seat, at: wakeAt, ending: null }]
      : [];
  });
  return found.sort((a, b) => a.at - b.at);
}

function timedEnding(desk: Desk, { run }: Seat, after: number) {
  return nextTimedEnding(planOf(desk, run).plan, sceneOf(desk, run), after);
}

/** When time alone lets somebody enter: once for the contact, or for each deal. */
function chancesAfter(
  desk: Desk,
  { plan }: LinkedPlan,
  after: number,
): (Chance & { readonly moment: number })[] {
  const { when } = plan.enter;
  if (!isTimed(when)) return [];
  const subjects = isOfDeal(when) ? Object.keys(desk.deals) : [null];
  return subjects.flatMap((dealId) => {
    const moment = momentOfPhrase(when, sceneOf(desk, null, dealId), after);
    return moment === null ? [] : [{ dealId, moment, depth: 0 }];
  });
}

/** Raised events are unread the moment they are recorded, so the contact is due at once. */
function nextDueAt(desk: Desk, transitions: readonly Transition[]): number | null {
  if (transitions.some((one) => one.raises.length > 0)) return desk.now;
  const moments = [
    ...crossingsAhead(desk),
    ...openSeats(desk).flatMap(({ run }) => run.wakeAt ?? []),
    ...openSeats(desk).flatMap((seat) => timedEnding(desk, seat, desk.now)?.at ?? []),
    ...desk.program.current.flatMap((linked) =>
      chancesAfter(desk, linked, desk.now).map(({ moment }) => moment),
    ),
  ];
  return moments.length === 0 ? null : Math.min(...moments);
}
