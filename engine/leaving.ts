// When a mail may leave: while the workflow's window is open and, for marketing mail, outside the quiet hours and after a
// pause that the contact asked for, and not while a colleague has a task that holds its mail. Asked when a step decides, and again by whoever is about to send: a mail that a 4xx
// put off must not leave at night. All of it through the calendar's one `open`.
import { awakeHours } from './calendar.ts';
import type { Facts, Fields, Reckoning } from './step.ts';

export interface Leaving {
  /** null: transactional. */
  readonly topic: string | null;
  /** The workflow's calendar of sending; null: any time. */
  readonly window: string | null;
}

export interface Opening {
  readonly at: number;
  /** What it waits for; null: it may leave at once. */
  readonly why: string | null;
}

/** What a mail waits for that a task holds. */
export const heldFor = 'a colleague’s task to be closed';

/** More turns than calendars that never agree need to be found out. */
const mostTurns = 1_000;

/** The first instant from `now` on at which nothing is against it. */
export function opensAt(now: number, { topic, window }: Leaving, facts: Facts, time: Reckoning): Opening {
  const { paused_until: pause, held_until: hold } = topic === null ? ({} as Fields) : facts.contact;
  let at = now;
  let why: string | null = null;
  for (let turn = 0; turn < mostTurns; turn++) {
    const steps: readonly (readonly [number, string])[] = [
      [window === null ? at : time.open(at, window), window ?? ''],
      [topic === null ? at : time.open(at, awakeHours), 'the quiet hours to end'],
      [typeof pause === 'number' ? Math.max(at, pause) : at, 'the contact’s pause to end'],
      [typeof hold === 'number' ? Math.max(at, hold) : at, heldFor],
    ];
    const next = steps.find(([opens]) => opens > at);
    if (next === undefined) return { at, why: why && `waits for ${why} until ${time.tell(at)}` };
    [at, why] = next;
  }
  throw new Error('the sending window and the quiet hours never leave a moment open together');
}
