// Scores: fit from facts, engagement as a fold over events, grades and thresholds over both. The running state is one
// (value, instant) per rule. A rule's standing points never exceed its cap: an event is credited with what still fits,
// and what does not fit is lost at once, not saved up. So the state needs no history, and folding an event at a time
// equals folding the whole log. The one price: a late event (older than the rule's last) asks for the log again.
import { leftAfter, sumAt, type Term } from './decay.ts';
import type { EventRule, FitRule } from './score-rules.ts';
import type { Fields, Happening, Json } from './step.ts';

export type Hears = (when: Json, event: Happening) => boolean;

/** Points standing at `at`, per rule: all that a contact's engagement needs. Plain data, stored beside the contact. */
export type Engagement = { readonly [ruleId: string]: { readonly value: number; readonly at: number } };
export interface Credit {
  readonly rule: EventRule;
  readonly event: Happening;
  readonly credited: number;
}

/** People only: an event of another class than `human` (scanner, proxy, unknown) earns nothing. */
export const hearsEvent: Hears = (when, event) => {
  const { type, where = {} } = when as { type: string; where?: Fields };
  if (event.type !== type || (event.data.class ?? 'human') !== 'human') return false;
  return Object.entries(where).every(([field, value]) => event.data[field] === value);
};

/**
 * Folds events onto a state, in order of (at, id). `isLate`: one of them is older than the last that its rule has seen;
 * the state is then unchanged, and the caller folds the whole log onto `{}` instead.
 */
export function foldEvents(
  rules: readonly EventRule[],
  state: Engagement,
  events: readonly Happening[],
  hears: Hears = hearsEvent,
): { readonly state: Engagement; readonly credits: readonly Credit[]; readonly isLate: boolean } {
  const next: { [ruleId: string]: { value: number; at: number } } = { ...state };
  const credits: Credit[] = [];
  for (const event of inOrder(events)) {
    for (const rule of rules) {
      if (!hears(rule.when, event)) continue;
      const last = next[rule.id];
      if (last && event.at < last.at) return { state, credits: [], isLate: true };
      const standing = last ? last.value * leftAfter(event.at - last.at, rule.halfLifeMs) : 0;
      const credited = fitting(pointsOf(rule, event), rule.cap, standing);
      next[rule.id] = { value: standing + credited, at: event.at };
      credits.push({ rule, event, credited });
    }
  }
  return { state: next, credits, isLate: false };
}

export function pointsOf({ points }: EventRule, { data }: Happening): number {
  return points ?? (typeof data.points === 'number' ? data.points : 0);
}

/** What of the rule's points still fits under its cap; never a correction downwards. */
function fitting(points: number, cap: number | null, standing: number): number {
  if (cap === null) return points;
  return points > 0
    ? Math.max(0, Math.min(points, cap - standing))
    : Math.min(0, Math.max(points, -cap - standing));
}

function inOrder(events: readonly Happening[]): readonly Happening[] {
  const isSorted = events.every((event, i) => i === 0 || compare(events[i - 1] ?? event, event) <= 0);
  return isSorted ? events : [...events].sort(compare);
}

function compare(a: Happening, b: Happening): number {
  // Ids of the ledger are numbers as text: the shorter one came first.
  return a.at - b.at || a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The state as terms that fade; rules that are no longer in the file count for nothing. */
export function termsOf(rules: readonly EventRule[], state: Engagement): Term[] {
  return rules.flatMap(({ id, halfLifeMs }) => {
    const standing = state[id];
    return standing ? [{ ...standing, halfLifeMs }] : [];
  });
}

export function engagementAt(rules: readonly EventRule[], state: Engagement, at: number): number {
  return sumAt(termsOf(rules, state), at);
}

/** `test` asks a condition of the contact's facts. */
export function fitOf(rules: readonly FitRule[], test: (condition: string) => boolean): number {
  return rules.reduce((sum, { condition, points }) => (test(condition) ? sum + points : sum), 0);
}
