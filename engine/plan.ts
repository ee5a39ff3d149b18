// A plan: one workflow, compiled, as plain data that is stored and hashed; and the program the engine runs.
// Whatever is in a plan is in its hash, so a run pinned to the hash knows all that was meant when it entered.

import type { Catalogue } from './catalogue.ts';
import type { Answer, Asked } from './condition.ts';
import type { Scoring } from './scoring.ts';
import type { Facts, Json, Node, PlanBrief, Reckoning, Step } from './step.ts';

export interface Plan extends PlanBrief {
  /** Content hash over all that follows. */
  readonly hash: string;
  readonly workflow: string;
  readonly description: string;
  readonly owner: string | null;
  readonly topic: string | null;
  /** A calendar in which its mails may leave. */
  readonly sendWindow: string | null;
  readonly enter: Enter;
  readonly exits: readonly Exit[];
  readonly first: string | null;
  readonly nodes: { readonly [id: string]: Node };
  readonly inFlight: 'migrate' | 'pin' | 'drain' | 'restart';
  /** Old id to new id. */
  readonly renamed: { readonly [id: string]: string };
  /** Old id to `continue`, `exit`, or the id of a step. */
  readonly removed: { readonly [id: string]: string };
}
export interface Enter {
  /** A parsed phrase, as data. */
  readonly when: Json;
  readonly onlyIf: string | null;
  /** 'never' | 'always' | a duration after the last entry. */
  readonly again: string;
  readonly per: 'deal' | 'contact';
  readonly perDay: number | null;
  /** Shares in [0, 1]: of the subjects that would enter; and of those, kept as a control group. */
  readonly rollout: number;
  readonly holdout: number;
}
export interface Exit {
  /** A parsed phrase, as data. */
  readonly when: Json;
  readonly outcome: string;
  readonly goal: boolean;
}

/** Plans linked to the steps and their conditions compiled, once per set of applied plans. */
export interface Program {
  readonly catalogue: Catalogue;
  /** One for each workflow, sorted by its name: only these take new entries. */
  readonly current: readonly LinkedPlan[];
  readonly byHash: ReadonlyMap<string, LinkedPlan>;
  /** By the hash of an old plan: the way of its runs to the current one; none where they stay on it. */
  readonly passages: ReadonlyMap<string, Passage>;
  reckon(facts: Facts): Reckoning;
  /** null where nothing is scored. */
  readonly scoring: Scoring | null;
  /** The chance that the deal is won, from 0 to 1; null where nothing was learnt (`voronka score train`). */
  readonly predictWin: ((facts: Facts) => number) | null;
}
export interface LinkedPlan {
  readonly plan: Plan;
  step(verb: string): Step;
  ask(condition: string, asked: Asked): Answer;
}

/** What becomes of those who stand on a step of the old plan. */
export type Place =
  /** It is there, under this id: they stay as they stand. */
  | { readonly is: 'kept'; readonly node: string }
  /** They go on to this step. */
  | { readonly is: 'moved'; readonly node: string }
  | { readonly is: 'ended'; readonly outcome: string }
  /** The file does not say. */
  | { readonly is: 'unsaid' };

/** The way from one plan to another, reckoned once for all who take it. */
export interface Passage {
  readonly from: Plan;
  readonly to: Plan;
  readonly restarts: boolean;
  placeOf(node: string): Place;
  /** Steps of the old plan that the new one has under no name. */
  readonly gone: readonly string[];
  readonly renamed: { readonly [old: string]: string };
}
