// Where a contact stands: its scores by name, its grade, the thresholds it has reached, and when time alone will change
// that. Instants are exact: at `at` the threshold is crossed, one millisecond earlier it is not.
import { nextCrossing } from './decay.ts';
import { type Engagement, engagementAt, termsOf } from './score.ts';
import type { ScoreRules, Threshold } from './score-rules.ts';

export interface Standing {
  readonly fit: number;
  readonly engagement: number;
  /** fit + engagement. */
  readonly total: number;
  /** A1 (fits best, most engaged) to C3; null where the rules name no grades. */
  readonly grade: string | null;
  /** Names of the thresholds reached, in the rules' order. */
  readonly reached: readonly string[];
}
export interface ThresholdCrossing {
  readonly at: number;
  readonly threshold: Threshold;
  readonly isUp: boolean;
}

export function standingAt(rules: ScoreRules, fit: number, state: Engagement, at: number): Standing {
  const engagement = engagementAt(rules.engagement, state, at);
  const scores = { fit, engagement, total: fit + engagement };
  const grade = rules.grades
    ? `${'ABC'[place(rules.grades.fit, fit)]}${1 + place(rules.grades.engagement, engagement)}`
    : null;
  // Engagement is compared with what is left of the level, as the crossing is reckoned: the two then never disagree.
  const reached = rules.thresholds
    .filter((one) => (one.score === 'fit' ? fit >= one.at : engagement >= levelOf(one, fit)))
    .map(({ name }) => name);
  return { ...scores, grade, reached };
}

/** The next threshold that decay alone will cross, and when; null: none. Fit does not fade. */
export function nextThreshold(
  rules: ScoreRules,
  fit: number,
  state: Engagement,
  now: number,
): ThresholdCrossing | null {
  const terms = termsOf(rules.engagement, state);
  let next: ThresholdCrossing | null = null;
  for (const threshold of rules.thresholds) {
    if (threshold.score === 'fit') continue;
    const crossing = nextCrossing(terms, levelOf(threshold, fit), now);
    if (crossing && (next === null || crossing.at < next.at)) next = { threshold, ...crossing };
  }
  return next;
}

/** When decay alone takes engagement across any level, for a wait such as `falls below 40`. */
export function nextLevel(rules: ScoreRules, state: Engagement, level: number, now: number) {
  return nextCrossing(termsOf(rules.engagement, state), level, now);
}

/** Which thresholds two standings differ in: what `score diff` lists, and what becomes an event. */
export function crossedBetween(before: Standing, after: Standing): { up: string[]; down: string[] } {
  return {
    up: after.reached.filter((name) => !before.reached.includes(name)),
    down: before.reached.filter((name) => !after.reached.includes(name)),
  };
}

function levelOf(threshold: Threshold, fit: number): number {
  return threshold.score === 'total' ? threshold.at - fit : threshold.at;
}

function place([first, second]: readonly [number, number], value: number): 0 | 1 | 2 {
  return value >= first ? 0 : value >= second ? 1 : 2;
}
