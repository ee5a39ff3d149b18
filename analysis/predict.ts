// A predictive score: the chance that a deal is won, learnt from won and lost ones, with an account of how far to trust
// it. Every figure of quality is out of fold: no case is judged by a model that has seen it. Folds are drawn by a hash of
// the case's id, so that training again on the same cases gives the same model. Refuses where too little is known.
import { aucOf, type Predicted } from './auc.ts';
import {
  type Column,
  columnsOf,
  designOf,
  deviationOf,
  type Field,
  type Value,
  type Values,
} from './columns.ts';
import { chanceOf, fitLogistic, type Logistic, logitsOf, surpriseOf } from './logistic.ts';
import {
  calibrationOf,
  type LiftRow,
  liftTableOf,
  type SuggestedThreshold,
  thresholdsOf,
} from './ranking.ts';
import type { Estimate } from './stats.ts';

export interface Case {
  readonly id: string;
  readonly won: boolean;
  readonly values: Values;
}
/** Plain data: stored, and asked with `predictWin`. */
export interface Model extends Logistic {
  readonly columns: readonly Column[];
  readonly ridge: number;
  readonly cases: number;
  readonly won: number;
}
export type Training =
  | {
      readonly is: 'trained';
      readonly model: Model;
      readonly auc: Estimate;
      /** Of the out-of-fold predictions; right is slope 1, intercept 0. */
      readonly calibration: { readonly slope: number; readonly intercept: number };
      readonly lift: readonly LiftRow[];
      readonly thresholds: readonly SuggestedThreshold[];
    }
  /** Out of fold it is not surely better than a coin: a model would only look like knowledge. */
  | { readonly is: 'predicts nothing'; readonly auc: Estimate | null; readonly cases: number }
  | { readonly is: 'not enough yet'; readonly won: number; readonly lost: number; readonly needed: number };

/** Wins and losses needed of each, and for each column. Peduzzi et al. (1996) ask for 10 a column without a penalty; with one, 5. */
const FEWEST_OF_EACH = 50;
const FEWEST_PER_COLUMN = 5;
const FOLDS = 5;
/** Prior variances of 1 down to 1/100 on standardised columns; which one is settled by cross-validation. */
const RIDGES = [1, 5, 25, 100];
const TOPS = [0.1, 0.2, 0.4];

export function trainModel(fields: readonly Field[], cases: readonly Case[]): Training {
  const won = cases.filter((one) => one.won).length;
  const columns = columnsOf(
    fields,
    cases.map(({ values }) => values),
  );
  const needed = Math.max(FEWEST_OF_EACH, FEWEST_PER_COLUMN * columns.length);
  if (Math.min(won, cases.length - won) < needed || columns.length === 0)
    return { is: 'not enough yet', won, lost: cases.length - won, needed };

  const tried = RIDGES.map((ridge) => ({ ridge, predicted: predictOutOfFold(fields, cases, ridge) }));
  const best = tried.reduce((a, b) => (devianceOf(b.predicted) < devianceOf(a.predicted) ? b : a));
  const auc = aucOf(best.predicted);
  if (!auc || auc.low <= 0.5) return { is: 'predicts nothing', auc, cases: cases.length };
  const outcomes = outcomesOf(cases);
  const fitted = fitLogistic(
    designOf(
      columns,
      cases.map(({ values }) => values),
    ),
    outcomes,
    best.ridge,
  );
  return {
    is: 'trained',
    model: { ...fitted, columns, ridge: best.ridge, cases: cases.length, won },
    auc,
    calibration: calibrationOf(best.predicted),
    lift: liftTableOf(best.predicted),
    thresholds: thresholdsOf(best.predicted, TOPS),
  };
}

export interface Prediction {
  readonly chance: number;
  /** The chance of the average case, from which the parts lead to this one. */
  readonly average: number;
  /** What each field adds in log-odds, the strongest first; they add up from the average's log-odds to this case's. */
  readonly parts: readonly { readonly field: string; readonly value: Value; readonly logOdds: number }[];
}

export function predictWin(model: Model, values: Values): Prediction {
  const byField = new Map<string, number>();
  model.columns.forEach((column, j) => {
    const part = (model.weights[j] ?? 0) * deviationOf(column, values);
    byField.set(column.field, (byField.get(column.field) ?? 0) + part);
  });
  const parts = [...byField]
    .map(([field, logOdds]) => ({ field, value: values[field] ?? null, logOdds }))
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
  const average = averageOf(model);
  const logit = parts.reduce((sum, { logOdds }) => sum + logOdds, average);
  return { chance: chanceOf(logit), average: chanceOf(average), parts };
}

/** Log-odds of a case that is average in every column. */
function averageOf({ intercept, weights, columns }: Model): number {
  const flags = columns.map(({ reads, centre }) => (reads === 'missing' || reads === 'equals' ? centre : 0));
  return weights.reduce((sum, weight, j) => sum + weight * (flags[j] ?? 0), intercept);
}

/** Log-odds of each case by a model trained without its fold; columns are found anew in each. */
export function predictOutOfFold(fields: readonly Field[], cases: readonly Case[], ridge: number): Predicted {
  const folds = cases.map(({ id }) => foldOf(id));
  const logits = new Float64Array(cases.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const seen = cases.filter((_, i) => folds[i] !== fold);
    const columns = columnsOf(
      fields,
      seen.map(({ values }) => values),
    );
    const model = fitLogistic(
      designOf(
        columns,
        seen.map(({ values }) => values),
      ),
      outcomesOf(seen),
      ridge,
    );
    const places = folds.flatMap((own, i) => (own === fold ? [i] : []));
    const unseen = places.map((i) => cases[i]?.values ?? {});
    logitsOf(designOf(columns, unseen), model).forEach((logit, k) => {
      logits[places[k] ?? 0] = logit;
    });
  }
  return { logits, won: outcomesOf(cases) };
}

function outcomesOf(cases: readonly Case[]): Uint8Array {
  return Uint8Array.from(cases, ({ won }) => (won ? 1 : 0));
}

function devianceOf({ logits, won }: Predicted): number {
  return logits.reduce((sum, logit, i) => sum + surpriseOf(logit, won[i] ?? 0), 0);
}

/** FNV-1a, finished as in MurmurHash3 so that ids that differ in their last digit part evenly. */
function foldOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % FOLDS;
}
