// A ledger of one contact in memory, under a virtual clock: what simulate, stories and the laws run on. It carries a
// reaction out exactly as the real ledger does (events unread once by id, runs by id, the agenda as the only schedule),
// so whatever holds here holds in production.
import { type Turn, tellCap, turnOf } from './cap-turns.ts';
import type { Program } from './plan.ts';
import { react } from './react.ts';
import type { ContactState, Line, Transition } from './reaction.ts';
import { needsLog } from './score-running.ts';
import type { Scored } from './scored.ts';
import type { Effect, Facts, Fields, Happening, Patch, Raised, Run } from './step.ts';
import { heldUntil } from './task-life.ts';

export interface Persona {
  readonly contact: Fields;
  readonly deals: { readonly [dealId: string]: Fields };
  /** When it entered workflows before all this; absent: never. */
  readonly entries?: ContactState['entries'];
}

/** A happening, and what it told of contact and deal. */
export interface Occurrence extends Happening {
  /** All facts as they are from then on; absent: as they were. */
  readonly facts?: Partial<Facts>;
}

/** What steps did to the facts and made happen, in one reaction. */
export interface Change {
  readonly at: number;
  readonly runId: string;
  readonly patch: Patch;
  readonly raises: readonly Raised[];
}

/** A line of a run's history, with the workflow it belongs to. */
export interface TimelineLine extends Line {
  readonly workflow: string;
  readonly runId: string;
  readonly dealId: string | null;
}

/** What is asked for outside, as the ledger would keep it. */
export interface Asking extends Effect {
  readonly runId: string;
  readonly workflow: string;
  readonly dealId: string | null;
  readonly askedAt: number;
}

/** What goes to a colleague, or a second time to the contact, without a run being moved by it. */
export interface Notice {
  readonly at: number;
  readonly runId: string;
  readonly what: 'gives' | 'reminds' | 'reassigns' | 'escalates';
  /** The step; then the person, or the survey. */
  readonly names: readonly string[];
}

/** Something whose particulars are known only when it happens: a deal goes back from wherever it then stands. */
export interface Coming {
  readonly at: number;
  /** Asked when its time has come: false, and it does not happen. */
  isStill?(rehearsal: Rehearsal): boolean;
  /** null: nothing that the contact's runs hear. */
  happen(rehearsal: Rehearsal): Occurrence | null;
}

export interface Rehearsal {
  readonly program: Program;
  readonly timeline: TimelineLine[];
  readonly asked: Asking[];
  readonly changes: Change[];
  readonly notices: Notice[];
  /** What happened, apart from what steps raised, in the order in which it came in. */
  readonly heard: Occurrence[];
  readonly runs: Map<string, Run>;
  readonly entries: ContactState['entries'];
  contact: Fields;
  readonly deals: { [dealId: string]: Fields };
  readonly seen: Set<string>;
  unread: Happening[];
  /** Everything that was recorded, for a score that has to be counted anew. */
  readonly log: Happening[];
  score: Scored | null;
  dueAt: number | null;
}

const contactId = 'persona';

export function openRehearsal(program: Program, persona: Persona): Rehearsal {
  return {
    program,
    timeline: [],
    asked: [],
    changes: [],
    notices: [],
    heard: [],
    runs: new Map(),
    entries: persona.entries ?? [],
    contact: persona.contact,
    deals: { ...persona.deals },
    seen: new Set(),
    unread: [],
    log: [],
    score: null,
    dueAt: null,
  };
}

/** An event comes in: known ids change nothing; facts follow the event, as in db/events.ts. */
export function recordEvent(rehearsal: Rehearsal, occurrence: Occurrence, now: number): void {
  if (rehearsal.seen.has(occurrence.id)) return;
  rehearsal.heard.push(occurrence);
  const { facts, ...event } = occurrence;
  const { dealId } = event;
  const isMove = event.type === 'deal.stage_changed' && dealId !== null;
  // A change that does not say where it came from came from where the deal stands.
  const from = isMove && event.data.from === undefined ? (rehearsal.deals[dealId]?.stage ?? null) : undefined;
  if (facts?.contact) rehearsal.contact = facts.contact;
  if (facts?.deal && dealId !== null) rehearsal.deals[dealId] = facts.deal;
  take(rehearsal, from === undefined ? event : { ...event, data: { ...event.data, from } }, now);
}

/** Unread, due, and the facts after it. */
function take(rehearsal: Rehearsal, event: Happening, now: number): void {
  if (rehearsal.seen.has(event.id)) return;
  rehearsal.seen.add(event.id);
  rehearsal.unread.push(event);
  rehearsal.log.push(event);
  rehearsal.dueAt = Math.min(rehearsal.dueAt ?? now, now);
  const deal = event.dealId === null ? undefined : rehearsal.deals[event.dealId];
  if (event.dealId !== null && event.type === 'deal.stage_changed' && event.data.late !== true) {
    const { to, pipeline } = event.data;
    const stage = { id: event.dealId, stage: to ?? null, stage_at: event.at, updated_at: event.at };
    rehearsal.deals[event.dealId] = { ...deal, ...(pipeline === undefined ? {} : { pipeline }), ...stage };
  }
  if (/^task\.(done|cancelled)$/.test(event.type) && 'held_until' in rehearsal.contact) {
    const { held_until: _, held_since: __, ...contact } = rehearsal.contact;
    const until = heldUntil(rehearsal.asked, rehearsal.log);
    rehearsal.contact = until === null ? contact : { ...contact, held_until: until };
  }
  if (event.type === 'contact.unsubscribed') {
    const topic = typeof event.data.topic === 'string' ? event.data.topic : '*';
    const consent = rehearsal.contact.consent as Fields | undefined;
    const given = Object.keys(consent ?? {}).filter((each) => topic === '*' || each === topic);
    rehearsal.contact = {
      ...rehearsal.contact,
      consent: { ...consent, ...Object.fromEntries(given.map((each) => [each, false])) },
    };
  }
}

/** Reacts at `now` and carries the reaction out; answers what was newly asked for. */
export function step(rehearsal: Rehearsal, now: number): Asking[] {
  const reaction = react(rehearsal.program, withLog(rehearsal, stateOf(rehearsal)), now);
  rehearsal.score = reaction.score ?? rehearsal.score;
  rehearsal.unread = rehearsal.unread.filter((event) => !reaction.read.includes(event.id));
  rehearsal.dueAt = reaction.nextDueAt;
  return reaction.transitions.flatMap((transition) => carryOut(rehearsal, transition, now));
}

function stateOf(rehearsal: Rehearsal): ContactState {
  const runs = [...rehearsal.runs.values()];
  return {
    contactId,
    contact: rehearsal.contact,
    deals: rehearsal.deals,
    runs: runs.filter((run) => run.endedAt === null),
    entries: [
      ...rehearsal.entries,
      ...runs.map(({ workflow, dealId, enteredAt }) => ({ workflow, dealId, enteredAt })),
    ],
    events: [...rehearsal.unread].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    dueAt: rehearsal.dueAt,
    score: rehearsal.score,
  };
}

function withLog({ program, log }: Rehearsal, state: ContactState): ContactState {
  if (program.scoring === null || !needsLog(program.scoring, state)) return state;
  return { ...state, log: [...log].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)) };
}

function carryOut(rehearsal: Rehearsal, transition: Transition, now: number): Asking[] {
  const { workflow, dealId } = transition.run;
  const runId = transition.isNew ? `run-${rehearsal.runs.size + 1}` : transition.run.id;
  rehearsal.runs.set(runId, { ...transition.run, id: runId });
  for (const line of transition.lines) rehearsal.timeline.push({ ...line, workflow, runId, dealId });
  if (transition.cancels) cancel(rehearsal, runId, now);
  const asked = transition.effects.map((effect) =>
    ask(rehearsal, { ...effect, runId, workflow, dealId, askedAt: now }),
  );
  const { contact, deal } = transition.patch;
  if (contact) rehearsal.contact = { ...rehearsal.contact, ...contact };
  if (deal && dealId !== null) rehearsal.deals[dealId] = { ...rehearsal.deals[dealId], ...deal };
  if (contact || deal || transition.raises.length > 0)
    rehearsal.changes.push({ at: now, runId, patch: transition.patch, raises: transition.raises });
  for (const { key, type, dealId: of, data } of transition.raises)
    take(rehearsal, { id: `${runId}:${key}`, type, at: now, dealId: of, data }, now);
  return asked;
}

/** A mail that a cap holds back is due when its turn comes, and its line says so. */
function ask(rehearsal: Rehearsal, asking: Asking): Asking {
  const { program, contact, timeline } = rehearsal;
  const turn = turnFor(rehearsal, asking);
  const asked = turn.cap === null ? asking : { ...asking, dueAt: turn.at };
  rehearsal.asked.push(asked);
  const place = timeline.findLastIndex(({ runId, node }) => runId === asking.runId && node === asking.node);
  const line = timeline[place];
  if (turn.cap !== null && line !== undefined) {
    const when = program.reckon({ contact, deal: null }).tell(turn.at);
    timeline[place] = { ...line, why: `${line.why}; it leaves on ${when}: ${tellCap(turn.cap)}` };
  }
  return asked;
}

function turnFor({ program, asked }: Rehearsal, { topic, toContact, dueAt }: Asking): Turn {
  const { caps } = program.catalogue.policy;
  if (caps.length === 0 || topic === null || toContact === false) return { at: dueAt, cap: null };
  const before = asked.flatMap((one) =>
    one.topic === null || one.toContact === false ? [] : [{ topic: one.topic, at: one.dueAt }],
  );
  return turnOf({ topic, at: dueAt }, before, caps);
}

/** What was asked for but has not left: here, what is due later than now. */
function cancel(rehearsal: Rehearsal, runId: string, now: number): void {
  const kept = rehearsal.asked.filter((one) => one.runId !== runId || one.dueAt <= now);
  rehearsal.asked.splice(0, rehearsal.asked.length, ...kept);
}
