// A virtual clock over `react`: one persona, the events of a story, a world that answers what is asked of it, and the
// timeline in words that comes of it. The clock jumps from one due time to the next; nothing is random.
import { aftermathOf } from './aftermath.ts';
import type { Program } from './plan.ts';
import {
  type Asking,
  type Coming,
  type Occurrence,
  openRehearsal,
  type Persona,
  type Rehearsal,
  recordEvent,
  step,
  type TimelineLine,
} from './rehearsal.ts';
import type { Happening } from './step.ts';

export interface Simulation extends Persona {
  /** In any order. */
  readonly events: readonly Occurrence[];
  readonly coming?: readonly Coming[];
  readonly from: number;
  /** Nothing after this instant is looked at. */
  readonly until: number;
  /** What the world does about something asked of it: events, in any order, not before it is due. */
  readonly world?: (asking: Asking) => readonly Happening[];
}

export interface Simulated {
  readonly timeline: readonly TimelineLine[];
  readonly rehearsal: Rehearsal;
}

export function simulate(
  program: Program,
  { events, coming: announced = [], from, until, world, ...persona }: Simulation,
): Simulated {
  const rehearsal = openRehearsal(program, persona);
  let coming: Coming[] = [...events.map(toComing), ...announced];
  for (;;) {
    const nextEventAt = coming.reduce((least, event) => Math.min(least, event.at), Number.POSITIVE_INFINITY);
    const now = Math.max(from, Math.min(nextEventAt, rehearsal.dueAt ?? Number.POSITIVE_INFINITY));
    if (now > until || now === Number.POSITIVE_INFINITY) return { timeline: rehearsal.timeline, rehearsal };
    if (nextEventAt <= now) {
      for (const one of coming.filter(({ at }) => at <= now))
        if (one.isStill?.(rehearsal) ?? true) happenNow(rehearsal, one, now);
      coming = coming.filter(({ at }) => at > now);
    }
    const asked = step(rehearsal, now);
    const answers = asked.flatMap((one) => [...answerAwaited(one), ...(world?.(one) ?? [])]);
    coming.push(...answers.filter(({ at }) => at >= now).map(toComing));
    coming.push(...asked.flatMap((one) => aftermathOf(rehearsal, one)));
  }
}

function happenNow(rehearsal: Rehearsal, coming: Coming, now: number): void {
  const occurrence = coming.happen(rehearsal);
  if (occurrence !== null) recordEvent(rehearsal, occurrence, now);
}

const toComing = (event: Occurrence): Coming => ({ at: event.at, happen: () => event });

/** What a run stands and waits for is taken to go well, at once. */
function answerAwaited({ key, verb, node, runId, payload, dealId, dueAt }: Asking): Happening[] {
  if (typeof payload !== 'object' || payload === null || !('awaited' in payload)) return [];
  const data = { run: runId, step: node, key, is: 'sent' };
  return [{ id: `${runId}:${key}:answered`, type: `${verb}.answered`, at: dueAt, dealId, data }];
}

/** One line each: day and time of day since `from`, workflow, step, and what happened, in words. */
export function printTimeline(timeline: readonly TimelineLine[], from: number): string {
  const width = Math.max(0, ...timeline.map((line) => line.workflow.length));
  const nodes = Math.max(0, ...timeline.map((line) => line.node?.length ?? 1));
  return timeline
    .map((line) => {
      const day = `day ${Math.floor((line.at - from) / 86_400_000)}`.padEnd(8);
      const time = new Date(line.at).toISOString().slice(0, 16).replace('T', ' ');
      return `${day} ${time}  ${line.workflow.padEnd(width)}  ${(line.node ?? '-').padEnd(nodes)}  ${said(line)}\n`;
    })
    .join('');
}

/** What goes to colleagues, and reminders of surveys, among the lines of the runs that they are about. */
export function withNotices({ timeline, notices, runs }: Rehearsal): TimelineLine[] {
  const told = notices.map(({ at, runId, what, names: [node = null, to] }): TimelineLine => {
    const { workflow = '', dealId = null } = runs.get(runId) ?? {};
    return { at, what: 'moved', node, why: `${words[what]} ${to}`, eventId: null, workflow, runId, dealId };
  });
  return [...timeline, ...told].sort((a, b) => a.at - b.at);
}

const words = { gives: 'goes to', reminds: 'reminds', reassigns: 'goes on to', escalates: 'escalates to' };

function said({ what, why }: TimelineLine): string {
  if (what === 'entered') return `enters: ${why}`;
  if (what === 'ended') return `ends: ${why}`;
  return why;
}
