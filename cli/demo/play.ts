// Plays a history on the fast clock: sets the time to the next thing that is due (an event, an answer to a mail, a
// timer of the ledger), lets everything come to rest, and goes on. It only pushes time; all work is done by the
// same workers as in production. Steps are rounded up to the grid, so that what is due together goes together.
import type { FastClock } from '../clock.ts';

/** The system that is played upon, as far as it can be told from outside. */
export interface World {
  readonly clock: FastClock;
  /** At most 1,000 events in the API's own form. */
  post(events: readonly unknown[]): Promise<void>;
  /** Rings for what is due at the clock's time, and resolves when nothing is. */
  rest(): Promise<void>;
  /** What is looked after now and then: late tasks, mails that were clicked in. */
  sweep(): Promise<void>;
  nextDueAt(): Promise<number | null>;
}

export interface Cue {
  readonly at: number;
  readonly event: unknown;
}

/** Something that a person does, found out while playing. */
export interface Act {
  readonly at: number;
  perform(): Promise<void>;
}

export interface Play {
  readonly world: World;
  /** In order of `at`. */
  readonly cues: readonly Cue[];
  readonly endAt: number;
  readonly gridMs: number;
  readonly stop: AbortSignal;
  /** What people do about what has just reached them. */
  answer(now: number): Promise<readonly Act[]>;
  onStep(now: number, played: number): void;
}

const mostAtOnce = 1_000;

export async function play({ world, cues, endAt, gridMs, stop, answer, onStep }: Play): Promise<void> {
  const { clock } = world;
  let played = 0;
  let acts: Act[] = [];
  let steps = 0;
  while (!stop.aborted) {
    const nextAt = earliest(cues[played]?.at, acts[0]?.at, await world.nextDueAt());
    if (nextAt > endAt) break;
    clock.moveTo(Math.min(Math.ceil(nextAt / gridMs) * gridMs, endAt));
    const now = clock.at();
    // One at a time, as people press buttons; and first, so that who leaves is not written to in the same hour.
    for (const act of acts.filter((one) => one.at <= now)) await act.perform();
    for (let batch = due(cues, played, now); batch.length > 0; batch = due(cues, played, now)) {
      await world.post(batch.map((cue) => cue.event));
      played += batch.length;
    }
    // Nobody looks at a desk, and nothing is overdue, by the hour: every other step will do.
    const isLook = steps++ % 2 === 0;
    if (isLook) await world.sweep();
    await world.rest();
    acts = [...acts.filter((one) => one.at > now), ...(isLook ? await answer(now) : [])].sort(
      (a, b) => a.at - b.at,
    );
    onStep(now, played);
  }
  if (!stop.aborted) clock.moveTo(endAt);
}

function due(cues: readonly Cue[], from: number, now: number): readonly Cue[] {
  let end = from;
  while (end < cues.length && end - from < mostAtOnce && (cues[end]?.at ?? now) <= now) end++;
  return cues.slice(from, end);
}

function earliest(...instants: readonly (number | null | undefined)[]): number {
  return Math.min(...instants.map((at) => at ?? Number.POSITIVE_INFINITY));
}
