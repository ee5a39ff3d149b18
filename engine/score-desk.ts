// Scores at the desk: each event is counted where it is read, and whatever a score crosses by it, by a changed fact or by
// time alone is heard like an event, at its exact place between the others. Only levels that somebody listens to.
import { type Desk, openSeats } from './desk.ts';
import type { ContactState } from './reaction.ts';
import { foldEvents } from './score.ts';
import { type ScoreName, scoreNames } from './score-rules.ts';
import { crossingOf, isHeld, type Running, showScore, valueAt } from './score-running.ts';
import type { Scored } from './scored.ts';
import type { Level } from './scoring.ts';
import type { Happening } from './step.ts';

type Hear = (desk: Desk, event: Happening) => void;
/** More than any chain of causes has links (enter.ts), for those that wait as well. */
const mostRounds = 100;

export function countEvent(desk: Desk, event: Happening): void {
  const { score, now } = desk;
  if (score === null) return;
  score.seenTo = Math.max(score.seenTo, Math.min(event.at, now));
  if (!score.isCounting) return;
  const { rules, hears } = score.scoring;
  const { state, credits } = foldEvents(rules.engagement, score.state, [event], hears);
  if (credits.length === 0) return;
  score.state = state;
  desk.contact = showScore(score, desk.contact, now);
}

/** What decay alone brings up to and with `until`, one crossing after another, each at its own instant. */
export function passCrossings(desk: Desk, until: number, hear: Hear): void {
  const { score } = desk;
  if (score === null) return;
  for (let round = 0; round < mostRounds; round++) {
    const ahead = score.scoring.levels.flatMap(
      (level) => crossingOf(score, level, score.seenTo, until) ?? [],
    );
    const at = Math.min(...ahead);
    if (!(at <= until)) break;
    score.seenTo = at;
    hearCrossings(desk, 0, hear);
  }
  score.seenTo = Math.max(score.seenTo, until);
}

/** Levels on whose other side the contact stands now; and again, as long as what comes of it crosses more. */
export function hearCrossings(desk: Desk, depth: number, hear: Hear): void {
  const { score } = desk;
  if (score === null) return;
  for (let round = 0; round < mostRounds; round++) {
    const crossed = score.scoring.levels.filter(
      (level) => isHeld(score, level, score.seenTo) !== score.levels[level.key],
    );
    if (crossed.length === 0) return;
    for (const { key } of crossed) score.levels[key] = score.levels[key] !== true;
    for (const name of scoreNames) {
      const own = crossed.filter((level) => level.score === name);
      if (own.length > 0) hear(desk, crossingEvent(score, name, own, Math.max(depth, desk.depth)));
    }
  }
}

function crossingEvent(score: Running, name: ScoreName, crossed: readonly Level[], depth: number): Happening {
  const side = (isUp: boolean) =>
    crossed.filter(({ key }) => score.levels[key] === isUp).map(({ key }) => key);
  const to = valueAt(score, name, score.seenTo);
  const data = { name, to, up: side(true), down: side(false), depth };
  return { id: '@score', type: 'score.changed', at: score.seenTo, dealId: null, data };
}

/** When time alone will bring a crossing that this contact's runs listen to, or that lets it enter. */
export function crossingsAhead(desk: Desk): number[] {
  const { score, now } = desk;
  if (score === null) return [];
  const { entering, levelsOf } = score.scoring;
  const levels = [...entering, ...openSeats(desk).flatMap(({ run }) => levelsOf(run.plan))];
  return levels.flatMap((level) => crossingOf(score, level, now) ?? []);
}

/** null where nothing has changed. */
export function scoreToKeep({ score }: Desk, before: ContactState): Scored | null {
  if (score === null) return null;
  const { state, scoring } = score;
  const levels = Object.fromEntries(
    scoring.levels.map(({ key }) => [key, score.levels[key] === true] as const),
  );
  const kept: Scored = { rules: scoring.hash, state, levels };
  const was = before.score;
  const isSame =
    was != null &&
    was.rules === kept.rules &&
    was.state === state &&
    scoring.levels.length === Object.keys(was.levels).length &&
    scoring.levels.every(({ key }) => was.levels[key] === levels[key]);
  return isSame ? null : kept;
}
