// What a program knows of scores: what counts, when it is heard, how a contact fits, and which levels anybody listens to.
import type { Hears } from './score.ts';
import type { ScoreName, ScoreRules } from './score-rules.ts';
import type { Facts, Fields } from './step.ts';

/** A number or threshold in a phrase. It is held at its value or over; crossing it is what the phrase hears. */
export interface Level {
  readonly key: string;
  readonly score: ScoreName;
  readonly at: number;
}

export interface Scoring {
  readonly rules: ScoreRules;
  /** Of the rules that events are counted by: a state that was folded under another hash is worth nothing. */
  readonly hash: string;
  readonly hears: Hears;
  /** Every level that a workflow listens to, and those by which anybody may enter one. */
  readonly levels: readonly Level[];
  readonly entering: readonly Level[];
  /** What the runs of this plan may listen to. */
  levelsOf(planHash: string): readonly Level[];
  test(condition: string, facts: Facts, now: number): boolean;
  /** Of the contact and the deal that leads. */
  factsOf(contact: Fields, deals: Deals): Facts;
  fit(contact: Fields, deals: Deals, now: number): number;
  /** What a contact was before its scores were shown among its facts, which say nothing new of how it fits. */
  readonly origins: WeakMap<Fields, Fields>;
}

export type Deals = { readonly [dealId: string]: Fields };
