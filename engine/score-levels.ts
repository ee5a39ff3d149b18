// Levels that workflows listen to: the numbers and thresholds in their phrases. A level is held at its value or over, so
// that `rises above 60` is held from the next number on; crossing it in either direction is what a phrase hears.
import type { Plan } from './plan.ts';
import type { ScoreName, ScoreRules } from './score-rules.ts';
import type { Level } from './scoring.ts';
import type { Fields, Json } from './step.ts';

/** Above a number means by more than what arithmetic may be off. */
const justAbove = 1e-9;

/** By which the engine tells a phrase that its level was crossed; '' for a phrase that has none. */
export function keyOfLevel({ is, score, limit, threshold }: Fields): string {
  if (is === 'score rises') return `${score}>${limit}`;
  if (is === 'score falls') return `${score}>=${limit}`;
  return typeof threshold === 'string' ? `@${threshold}` : '';
}

/** True where a score makes it true, so that time may as well. */
export function hasLevel(phrase: Json): boolean {
  return phrase !== null && keyOfLevel(phrase as Fields) !== '';
}

/** null where the phrase has no level, or its threshold is no longer declared. */
function levelOf(phrase: Fields, { thresholds }: ScoreRules): Level | null {
  const key = keyOfLevel(phrase);
  if (key === '') return null;
  if (typeof phrase.threshold === 'string') {
    const named = thresholds.find(({ name }) => name === phrase.threshold);
    return named === undefined ? null : { key, score: named.score, at: named.at };
  }
  const limit = Number(phrase.limit);
  return {
    key,
    score: phrase.score as ScoreName,
    at: phrase.is === 'score rises' ? limit + justAbove : limit,
  };
}

/** Of the phrases in any part of a plan. */
export function levelsIn(part: Json, rules: ScoreRules): Level[] {
  if (typeof part !== 'object' || part === null) return [];
  if (!Array.isArray(part) && typeof (part as Fields).is === 'string') {
    const level = levelOf(part as Fields, rules);
    if (level !== null) return [level];
  }
  return Object.values(part).flatMap((inner) => levelsIn(inner as Json, rules));
}

/** What the runs of a plan may listen to. */
export function levelsOfPlan({ exits, nodes }: Plan, rules: ScoreRules): Level[] {
  const parts = [...exits.map(({ when }) => when), ...Object.values(nodes).map(({ params }) => params)];
  return unique(parts.flatMap((part) => levelsIn(part, rules)));
}

export function unique(levels: readonly Level[]): Level[] {
  return [...new Map(levels.map((level) => [level.key, level])).values()];
}
