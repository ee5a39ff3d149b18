// Fields that know the outcome: those declared so, and those that predict too well to be true. A close date or a final
// price makes a model look perfect in training and useless on an open deal, where the field is still empty.
import { aucOf } from './auc.ts';
import type { Field } from './columns.ts';
import { type Case, predictOutOfFold } from './predict.ts';

/** Names of the fields marked `after_outcome`: training with any of them is refused. */
export function leaksOf(fields: readonly (Field & { readonly afterOutcome: boolean })[]): string[] {
  return fields.filter(({ afterOutcome }) => afterOutcome).map(({ name }) => name);
}

export interface Suspect {
  readonly field: string;
  /** What this field reaches alone, out of fold. */
  readonly auc: number;
}

/** Fields that alone reach an AUC over `limit`, surely (the interval's lower end): worth a question before training. */
export function suspectsOf(fields: readonly Field[], cases: readonly Case[], limit = 0.9): Suspect[] {
  return fields
    .flatMap((field) => {
      const auc = aucOf(predictOutOfFold([field], cases, 1));
      return auc && auc.low > limit ? [{ field: field.name, auc: auc.value }] : [];
    })
    .sort((a, b) => b.auc - a.auc);
}
