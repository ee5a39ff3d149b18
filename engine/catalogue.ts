// What the definitions may speak of: pipelines, facts, templates and the other declarations. Compile checks every
// name against it, and the running engine reads stage order, zones and calendars from it. Plain data, stored as it is.

import type { Form } from './form.ts';
import { emptyPolicy, type Policy } from './policy.ts';
import type { ScoreRules } from './score-rules.ts';
import type { Source } from './source-map.ts';

export interface Catalogue {
  readonly pipelines: readonly Pipeline[];
  readonly templates: { readonly [name: string]: TemplateSummary };
  /** Built-in fields (facts.ts) and those of facts.yaml. */
  readonly facts: { readonly contact: FieldTypes; readonly deal: FieldTypes };
  /** Facts that are known only once a deal is decided: `deal.loss_reason`. */
  readonly afterOutcome: readonly string[];
  /** scores.yaml; null where nothing is scored. */
  readonly scores: ScoreRules | null;
  /** Names of the surveys. */
  readonly surveys: readonly string[];
  /** What each of them asks. */
  readonly questions: { readonly [survey: string]: SurveyQuestion };
  /** Short forms behind a letter's link, by name. */
  readonly forms: { readonly [name: string]: Form };
  /** Names of forms that a website sends by itself. */
  readonly externalForms: readonly string[];
  /** People who own deals and get tasks, by their name in deal.owner; and the teams they make. */
  readonly people: { readonly [name: string]: Person };
  readonly teams: { readonly [name: string]: Team };
  /** Where every change of a task is told; null: nowhere. */
  readonly taskHook: string | null;
  readonly calendars: { readonly [name: string]: Calendar };
  readonly policy: Policy;
  /** By name: programs whose webhooks become events. */
  readonly sources: { readonly [name: string]: Source };
  /** costs.yaml; null: no costs are given. */
  readonly costs: Costs | null;
  /** The company's own IANA zone: for contacts of whom none is known. */
  readonly zone: string;
}

export type FieldType = 'text' | 'number' | 'boolean' | 'instant';
/** A nested type under the key `*` holds for any name: `consent: { '*': 'boolean' }`. */
export type FieldTypes = { readonly [field: string]: FieldType | FieldTypes };

export interface Pipeline {
  readonly name: string;
  /** In order; won and lost stages are the last ones. */
  readonly stages: readonly string[];
  readonly won: readonly string[];
  readonly lost: readonly string[];
  /** In figures a stage that was jumped over counts as `passed` (the default), or as never entered. */
  readonly skipped?: 'passed' | 'not entered' | undefined;
  /** In figures a deal that was moved back counts as far as it came (the default), or as its last move left it. */
  readonly backward?: 'furthest' | 'latest' | undefined;
}

/** What leads cost. */
export interface Costs {
  /** The field that says where a lead came from: `contact.source`. */
  readonly by: string;
  /** The stage from which on a lead counts as qualified. */
  readonly qualified: string | null;
  readonly currency: string | null;
  /** By month (`2026-01`) and source. */
  readonly months: { readonly [month: string]: { readonly [source: string]: number } };
}

/** A question on the scale from 0 to 10, by locale. */
export interface SurveyQuestion {
  readonly template: string;
  readonly question: { readonly [locale: string]: string };
  /** What 0 and 10 mean. */
  readonly low: { readonly [locale: string]: string };
  readonly high: { readonly [locale: string]: string };
  /** Of those who come to it, in [0, 1]. */
  readonly sample: number;
  /** So long after it, whoever has not answered is reminded once; left out: never. */
  readonly remind?: string;
}

export interface TemplateSummary {
  readonly locales: readonly string[];
  /** null: transactional. */
  readonly topic: string | null;
  /** Facts that it prints without a default. */
  readonly needs: readonly string[];
  /** True where it has the links of a survey's scale. */
  readonly asks?: boolean;
  /** The form that it links to; left out: none. */
  readonly form?: string;
}

/** Opening hours as minutes of the local day, by weekday (1 is Monday), and dates that differ. */
export interface Calendar {
  /** `contact`, `owner`, `company`, or an IANA zone. */
  readonly zone: string;
  readonly hours: { readonly [weekday: string]: readonly OpenSpan[] };
  /** `YYYY-MM-DD` to the spans of that day; none: closed. */
  readonly exceptions: { readonly [date: string]: readonly OpenSpan[] };
}
/** Minutes from local midnight: [from, to). */
export type OpenSpan = readonly [number, number];

export interface Person {
  readonly name: string;
  readonly email: string | null;
  /** IANA; null: the company's. */
  readonly zone: string | null;
  /** In which they are mailed; null: the default. */
  readonly locale?: string | null;
  /** Days on which they get no new task, `YYYY-MM-DD`, both ends included. */
  readonly away: readonly (readonly [string, string])[];
}

export interface Team {
  readonly members: readonly string[];
  readonly lead: string | null;
}

export const emptyCatalogue: Catalogue = {
  pipelines: [],
  templates: {},
  facts: { contact: {}, deal: {} },
  afterOutcome: [],
  scores: null,
  surveys: [],
  questions: {},
  forms: {},
  externalForms: [],
  people: {},
  teams: {},
  taskHook: null,
  calendars: {},
  policy: emptyPolicy,
  sources: {},
  costs: null,
  zone: 'UTC',
};

/** The topics of policy.yaml; where it declares none, those that there is mail for. */
export function topicsOf({ policy, templates }: Catalogue): string[] {
  const declared = Object.keys(policy.topics);
  if (declared.length > 0) return declared;
  const topics = Object.values(templates).flatMap(({ topic }) => (topic === null ? [] : [topic]));
  return [...new Set(topics)].sort();
}

/** Where no topic is known at all, none can be unknown. */
export function isTopic(topic: string, catalogue: Catalogue): boolean {
  const known = topicsOf(catalogue);
  return known.length === 0 || known.includes(topic);
}

const locales = new WeakMap<Catalogue['templates'], readonly string[]>();

/** The languages that any template is written in, reckoned once. */
export function localesOf(templates: Catalogue['templates']): readonly string[] {
  const known = locales.get(templates);
  if (known !== undefined) return known;
  const found = [...new Set(Object.values(templates).flatMap((each) => each.locales))].sort();
  locales.set(templates, found);
  return found;
}
