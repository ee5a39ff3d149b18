// A virtual clock over `react`: one persona, the events of a story, a world that answers what is asked of it, and the
// timeline in words that comes of it. The clock jumps from one due time to the next; nothing is random.
import type { Program } from './plan.ts';
import {
  type Asking,
  type Occurrence,
  openRehearsal,
  type Persona,
  type Rehearsal,
  recordEvent,
  step,
  type TimelineLine,
} from './rehearsal.ts';
import type { TaskRequest } from './requests.ts';
import type { Happening } from './step.ts';
import { firstDueAt, isClosedBy } from './task-life.ts';

/** Something whose particulars are known only when it happens: a deal goes back from wherever it then stands. */
export interface Coming {
  readonly at: number;
  /** Asked when its time has come: false, and it does not happen. */
  isStill?(rehearsal: Rehearsal): boolean;
  happen(rehearsal: Rehearsal): Occurrence;
}

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
        if (one.isStill?.(rehearsal) ?? true) recordEvent(rehearsal, one.happen(rehearsal), now);
      coming = coming.filter(({ at }) => at > now);
    }
    const asked = step(rehearsal, now);
    const answers = asked.flatMap((one) => [...answerAwaited(one), ...(world?.(one) ?? [])]);
    coming.push(...answers.filter(({ at }) => at >= now).map(toComing));
    coming.push(...asked.flatMap((one) => lateFor(rehearsal, one)));
  }
}

const toComing = (event: Occurrence): Coming => ({ at: event.at, happen: () => event });

/** What a run stands and waits for is taken to go well, at once. */
function answerAwaited({ key, verb, node, runId, payload, dealId, dueAt }: Asking): Happening[] {
  if (typeof payload !== 'object' || payload === null || !('awaited' in payload)) return [];
  const data = { run: runId, step: node, key, is: 'sent' };
  return [{ id: `${runId}:${key}:answered`, type: `${verb}.answered`, at: dueAt, dealId, data }];
}

/** A task that nobody closes is overdue at its due time: that of whoever would be the first to get it. */
function lateFor(rehearsal: Rehearsal, asking: Asking): Coming[] {
  const { verb, node, runId, key, payload, dealId, askedAt } = asking;
  if (verb !== 'task') return [];
  const facts = {
    contact: rehearsal.contact,
    deal: dealId === null ? null : (rehearsal.deals[dealId] ?? null),
  };
  const at = firstDueAt(rehearsal.program, payload as unknown as TaskRequest, facts, askedAt);
  const data = { run: runId, step: node };
  return [
    {
      at,
      isStill: ({ heard }) => !heard.some((event) => isClosedBy(asking, event)),
      happen: () => ({ id: `${runId}:${key}:overdue`, type: 'task.overdue', at, dealId, data }),
    },
  ];
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

function said({ what, why }: TimelineLine): string {
  if (what === 'entered') return `enters: ${why}`;
  if (what === 'ended') return `ends: ${why}`;
  return why;
}
