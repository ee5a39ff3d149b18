// scores.yaml linked to a program: made anew with it, shared by all contacts.
import type { Catalogue } from './catalogue.ts';
import type { Conditions } from './condition.ts';
import { factsKnownWhen } from './condition-facts.ts';
import { hashJson } from './hash.ts';
import { hearsPhrase } from './phrase.ts';
import type { Plan } from './plan.ts';
import { fitOf, hearsEvent } from './score.ts';
import { levelsIn, levelsOfPlan, unique } from './score-levels.ts';
import type { ScoreRules } from './score-rules.ts';
import type { Deals, Scoring } from './scoring.ts';
import type { Facts, Fields, Json, Reckoning } from './step.ts';

interface Linking {
  readonly conditions: Conditions;
  reckon(facts: Facts): Reckoning;
  readonly plans: readonly Plan[];
  readonly current: readonly string[];
}

export function linkScores(
  catalogue: Catalogue,
  { conditions, reckon, plans, current }: Linking,
): Scoring | null {
  const { scores: rules } = catalogue;
  if (rules === null) return null;
  const nobody: Facts = { contact: {}, deal: null };
  const scene = { catalogue, facts: nobody, time: reckon(nobody), run: null };
  const entering = unique(
    plans.filter(({ hash }) => current.includes(hash)).flatMap(({ enter }) => levelsIn(enter.when, rules)),
  );
  const ofPlan = new Map(plans.map((plan) => [plan.hash, levelsOfPlan(plan, rules)]));
  const test = (condition: string, facts: Facts, now: number) =>
    conditions.ask(condition, { facts, memory: null, now }).is;
  const factsOf = (contact: Fields, deals: Deals) => ({ contact, deal: leadingDeal(deals, catalogue) });
  // Most facts of most contacts are not known, and a rule that needs one of those is not so much as asked.
  const needs = new Map(
    rules.fit.map(({ condition }) => [condition, pathsNeeded(conditions, condition)] as const),
  );
  // A reaction asks for it several times, and each rule over an unknown fact costs 30 us: kept as long as the facts are.
  const origins = new WeakMap<Fields, Fields>();
  const known = new WeakMap<Fields, { readonly deal: Fields | null; readonly fit: number }>();
  const isLasting = rules.fit.every(({ condition }) => !passing.test(condition));
  return {
    rules,
    hash: hashScores(rules),
    // A rule's phrase counts people only; what a `score` step gave is no phrase.
    hears: (when, event) =>
      isPhrase(when)
        ? (event.data.class ?? 'human') === 'human' && hearsPhrase(when, event, scene)
        : hearsEvent(when, event),
    levels: unique([...entering, ...[...ofPlan.values()].flat()]),
    entering,
    levelsOf: (planHash) => ofPlan.get(planHash) ?? [],
    test,
    factsOf,
    origins,
    fit(contact, deals, now) {
      const facts = factsOf(contact, deals);
      const origin = origins.get(contact) ?? contact;
      const last = isLasting ? known.get(origin) : undefined;
      if (last !== undefined && last.deal === facts.deal) return last.fit;
      const fit = fitOf(
        rules.fit,
        (condition) => mayHold(needs.get(condition) ?? null, facts) && test(condition, facts, now),
      );
      if (isLasting) known.set(origin, { deal: facts.deal, fit });
      return fit;
    },
  };
}

/** What fit may not be kept over: time, and the scores themselves. */
const passing = /days_since|days_until|contact\.(score|reached)/;

function hashScores({ engagement }: ScoreRules): string {
  return hashJson(engagement);
}

const isPhrase = (when: Json) => typeof (when as Fields | null)?.is === 'string';

/** The deal that fit speaks of: the one that last changed of those that are open, else of all. */
function leadingDeal(deals: Deals, { pipelines }: Pick<Catalogue, 'pipelines'>): Fields | null {
  const closed = pipelines.flatMap(({ won, lost }) => [...won, ...lost]);
  const rank = (deal: Fields) => (closed.includes(String(deal.stage)) ? 0 : 1);
  const byRank = (a: Fields, b: Fields) =>
    rank(b) - rank(a) ||
    Number(b.updated_at ?? 0) - Number(a.updated_at ?? 0) ||
    (String(a.id) < String(b.id) ? -1 : 1);
  return Object.values(deals).sort(byRank)[0] ?? null;
}

type Paths = readonly (readonly string[])[];

/** Facts without which the condition is no; null where it always is. */
function pathsNeeded(conditions: Conditions, condition: string): Paths | null {
  const known = factsKnownWhen(conditions, condition);
  return known && [...known].map((path) => path.split('.'));
}

function mayHold(needed: Paths | null, facts: Facts): boolean {
  return (
    needed?.every((path) => {
      let value: unknown = facts;
      for (const name of path)
        value = (value as { readonly [name: string]: unknown } | null | undefined)?.[name];
      return value !== undefined && value !== null;
    }) === true
  );
}
