// The rules of scores.yaml as data: what the catalogue holds, the ledger keeps, and score.ts folds. It stands below
// everything that knows events, so that the catalogue can hold it.

/** What is heard, as plain JSON. */
type Heard = null | boolean | number | string | readonly Heard[] | { readonly [key: string]: Heard };

export interface FitRule {
  readonly id: string;
  /** A condition over the facts, as source. */
  readonly condition: string;
  readonly points: number;
}
export interface EventRule {
  readonly id: string;
  /** What is heard, as data: {type, where?: {field: value}}, or whatever `hears` of linkScores reads. */
  readonly when: Heard;
  /** May be negative; the cap then holds the loss. null: the event says (`points`), as what a `score` step gives. */
  readonly points: number | null;
  /** The most that this rule's points can stand at, as an amount; null: no cap. */
  readonly cap: number | null;
  /** null: never fades. */
  readonly halfLifeMs: number | null;
}
export const scoreNames = ['fit', 'engagement', 'total'] as const;
export type ScoreName = (typeof scoreNames)[number];
export interface Threshold {
  readonly name: string;
  readonly score: ScoreName;
  /** Reached at this value or over. */
  readonly at: number;
}
export interface ScoreRules {
  readonly fit: readonly FitRule[];
  readonly engagement: readonly EventRule[];
  /** From which value the first and the second grade begin: fit A, B (else C); engagement 1, 2 (else 3). */
  readonly grades: {
    readonly fit: readonly [number, number];
    readonly engagement: readonly [number, number];
  } | null;
  readonly thresholds: readonly Threshold[];
}
