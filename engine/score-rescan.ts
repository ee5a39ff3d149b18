// One contact counted anew under other rules, from its log: the row to keep, and whether the engine must look, because a
// level is crossed by it or will be at another time than before. Unread events are not counted here: whoever reads them
// does that.
import type { ContactState } from './reaction.ts';
import { crossingOf, isHeld, openRunning } from './score-running.ts';
import type { Scored } from './scored.ts';
import type { Scoring } from './scoring.ts';

export interface Rescored {
  readonly kept: Scored;
  readonly isToBeLookedAt: boolean;
}

/** null: it has unread events, so that the engine looks at it anyway, and counts it from the log. */
export function rescore(scoring: Scoring, state: ContactState, now: number): Rescored | null {
  if (state.events.length > 0) return null;
  const running = openRunning(scoring, state, now);
  const levels = Object.fromEntries(
    scoring.levels.map(({ key }) => [key, running.levels[key] === true] as const),
  );
  return {
    kept: { rules: scoring.hash, state: running.state, levels },
    isToBeLookedAt: scoring.levels.some(
      (level) =>
        isHeld(running, level, now) !== levels[level.key] || crossingOf(running, level, now) !== null,
    ),
  };
}
