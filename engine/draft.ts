// A compiled workflow as the checks see it: its plan, where each part is written, and what its steps noted for them.
import type { Catalogue } from './catalogue.ts';
import type { Conditions } from './condition.ts';
import type { Notes } from './notes.ts';
import type { Plan } from './plan.ts';
import type { Located } from './source.ts';

/** A plan and where its parts are written, as the checks see it. */
export interface Draft {
  readonly plan: Plan;
  readonly root: Located;
  readonly places: ReadonlyMap<string, Located>;
  readonly notes: ReadonlyMap<string, Notes>;
}

export interface CheckScope {
  readonly catalogue: Catalogue;
  readonly conditions: Conditions;
}
