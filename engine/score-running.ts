// One contact's score while it is reacted to: the points that stand, the fit that its facts make, and on which side of each
// level it was last seen. What a story gives (`contact: {score: {engagement: 80}}`) stands as it is and does not fade.
import { nextCrossing, sumAt } from './decay.ts';
import type { ContactState } from './reaction.ts';
import { foldEvents, termsOf } from './score.ts';
import type { ScoreName } from './score-rules.ts';
import type { Scored } from './scored.ts';
import type { Deals, Level, Scoring } from './scoring.ts';
import { standingAt } from './standing.ts';
import type { Fields, Happening } from './step.ts';

export interface Running {
  readonly scoring: Scoring;
  state: Scored['state'];
  levels: { [key: string]: boolean };
  fit: number;
  /** Levels before this instant have been looked at. */
  seenTo: number;
  /** False where the state holds the unread events already. */
  readonly isCounting: boolean;
  readonly given: { readonly [score: string]: number };
}

/** True where the state cannot be carried on: other rules, no state at all, or an event that is older than its rule's last. */
export function needsLog({ rules, hash, hears }: Scoring, { score, events }: ContactState): boolean {
  if (score == null || score.rules !== hash) return true;
  return isLateFor({ rules, hears }, score.state, events);
}

/** Mostly every event is later than the last that any rule has counted, and nothing has to be folded to say so. */
function isLateFor(
  { rules, hears }: Pick<Scoring, 'rules' | 'hears'>,
  state: Scored['state'],
  events: readonly Happening[],
): boolean {
  const last = Math.max(Number.NEGATIVE_INFINITY, ...Object.values(state).map(({ at }) => at));
  if (events.every(({ at }) => at >= last)) return false;
  return foldEvents(rules.engagement, state, events, hears).isLate;
}

export function openRunning(scoring: Scoring, contact: ContactState, since: number): Running {
  const { score, log, events } = contact;
  const unread = new Set(events.map(({ id }) => id));
  const read = log?.filter(({ id }) => !unread.has(id));
  const fold = (past: readonly Happening[]) =>
    foldEvents(scoring.rules.engagement, {}, past, scoring.hears).state;
  const before = read ? fold(read) : (score?.state ?? {});
  const isLate = isLateFor(scoring, before, events);
  const running: Running = {
    scoring,
    state: isLate && log ? fold(log) : before,
    levels: { ...score?.levels },
    fit: scoring.fit(contact.contact, contact.deals, since),
    // The moment that it is due for has not been looked at.
    seenTo: since - 1,
    isCounting: !isLate,
    given: givenOf(contact.contact),
  };
  // Somebody new begins below every level; of somebody known, a level that is new was always where it is.
  const isNew = score == null && read?.length === 0;
  for (const level of scoring.levels)
    running.levels[level.key] ??= isNew ? level.at <= 0 : isHeld(running, level, since - 1);
  return running;
}

function givenOf({ score }: Fields): Running['given'] {
  if (typeof score !== 'object' || score === null || Array.isArray(score)) return {};
  const numbers = Object.entries(score).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers) as { [score: string]: number };
}

/** After facts have changed. */
export function refit(running: Running, contact: Fields, deals: Deals, now: number): void {
  running.fit = running.scoring.fit(contact, deals, now);
}

/** The contact's facts with its scores as of `now` among them. */
export function showScore(running: Running, contact: Fields, now: number): Fields {
  const { scoring, given, state } = running;
  const fit = given.fit ?? running.fit;
  const { grade, reached, ...points } = standingAt(scoring.rules, fit, state, now);
  const engagement = given.engagement ?? points.engagement;
  const score = { fit, engagement, total: given.total ?? fit + engagement, ...(grade ? { grade } : {}) };
  const thresholds = scoring.rules.thresholds.map(({ name, score: of, at }): [string, boolean] => [
    name,
    Object.keys(given).length === 0 ? reached.includes(name) : score[of] >= at,
  ]);
  const shown = { ...contact, score, reached: Object.fromEntries(thresholds) };
  scoring.origins.set(shown, scoring.origins.get(contact) ?? contact);
  return shown;
}

export function valueAt(running: Running, score: ScoreName, at: number): number {
  const { given, state, scoring } = running;
  const fit = given.fit ?? running.fit;
  const engagement = () => given.engagement ?? sumAt(termsOf(scoring.rules.engagement, state), at);
  if (given[score] !== undefined) return given[score];
  return score === 'fit' ? fit : score === 'engagement' ? engagement() : fit + engagement();
}

/** Engagement against what the fit leaves of the level, exactly as its crossing is reckoned: the two never disagree. */
export function isHeld(running: Running, level: Level, at: number): boolean {
  const { given, fit, state, scoring } = running;
  if (level.score === 'fit' || given.engagement !== undefined || given[level.score] !== undefined)
    return valueAt(running, level.score, at) >= level.at;
  return sumAt(termsOf(scoring.rules.engagement, state), at) >= bareLevel(level, given.fit ?? fit);
}

/** When time alone takes the contact across the level next, after `after`; null: never, or surely not up to `until`. */
export function crossingOf(
  running: Running,
  level: Level,
  after: number,
  until = Number.POSITIVE_INFINITY,
): number | null {
  const { given, fit, state, scoring } = running;
  if (level.score === 'fit' || given.engagement !== undefined || given[level.score] !== undefined)
    return null;
  const terms = termsOf(scoring.rules.engagement, state);
  const bare = bareLevel(level, given.fit ?? fit);
  // Points that only fade never come up to a level again, and one that holds at the end held all the way: the common
  // cases, and they need no search.
  const onlyFades = terms.every(({ value }) => value >= 0);
  if (onlyFades && (sumAt(terms, after) < bare || sumAt(terms, until) >= bare)) return null;
  return nextCrossing(terms, bare, after)?.at ?? null;
}

function bareLevel({ score, at }: Level, fit: number): number {
  return score === 'total' ? at - fit : at;
}
