// Every point of a score with its reason: which event, how old, how much of it is left, what the cap took. The lines
// add up to the score: engagement is folded from the log by the same fold that keeps the running state.
import { leftAfter } from './decay.ts';
import { foldEvents, type Hears, hearsEvent, pointsOf } from './score.ts';
import type { EventRule, FitRule } from './score-rules.ts';
import type { Happening } from './step.ts';

export interface EngagementLine {
  readonly rule: string;
  readonly eventId: string;
  readonly type: string;
  readonly at: number;
  readonly ageMs: number;
  /** The rule's points, and what of them fitted under its cap. */
  readonly points: number;
  readonly credited: number;
  /** The share that is left of them, 0 to 1, and the points that it leaves. */
  readonly left: number;
  readonly now: number;
}
export interface FitLine {
  readonly rule: string;
  readonly condition: string;
  readonly holds: boolean;
  readonly points: number;
}

/** From the whole log, in order of time. Events after `now` are left out, as they have not happened yet. */
export function explainEngagement(
  rules: readonly EventRule[],
  log: readonly Happening[],
  now: number,
  hears: Hears = hearsEvent,
): EngagementLine[] {
  const past = log.filter(({ at }) => at <= now);
  return foldEvents(rules, {}, past, hears).credits.map(({ rule, event, credited }) => {
    const ageMs = now - event.at;
    const left = leftAfter(ageMs, rule.halfLifeMs);
    const { id: eventId, type, at } = event;
    return {
      rule: rule.id,
      eventId,
      type,
      at,
      ageMs,
      points: pointsOf(rule, event),
      credited,
      left,
      now: credited * left,
    };
  });
}

/** Every rule, those that do not hold with 0 points. */
export function explainFit(rules: readonly FitRule[], test: (condition: string) => boolean): FitLine[] {
  return rules.map(({ id, condition, points }) => {
    const holds = test(condition);
    return { rule: id, condition, holds, points: holds ? points : 0 };
  });
}
