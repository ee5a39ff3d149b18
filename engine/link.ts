// Links plans to the steps of this program: conditions are parsed once, zones are reckoned once. Made anew whenever
// plans or declarations change, and shared by all contacts of a process.
import { createReckonings } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { type Conditions, createConditions } from './condition.ts';
import { linkScores } from './link-scores.ts';
import { createPassage, type Lineage, noLineage } from './migrate.ts';
import type { LinkedPlan, Passage, Plan, Program } from './plan.ts';
import type { Facts, Reckoning, Step } from './step.ts';

/** What is the same for all plans under one catalogue: conditions parsed once, zones reckoned once. */
export interface Ground {
  readonly conditions: Conditions;
  reckon(facts: Facts): Reckoning;
}

export function createGround(catalogue: Catalogue): Ground {
  return { conditions: createConditions(catalogue), reckon: createReckonings(catalogue) };
}

/** `current`: the hashes that take new entries, one for each workflow. Other plans serve the runs pinned to them. */
export function link(
  plans: readonly Plan[],
  current: readonly string[],
  steps: readonly Step[],
  catalogue: Catalogue,
  lineage: Lineage = noLineage,
  { conditions, reckon }: Ground = createGround(catalogue),
): Program {
  const byVerb = new Map(steps.map((step) => [step.verb, step]));
  const linked = plans.map(
    (plan): LinkedPlan => ({
      plan,
      step(verb) {
        const step = byVerb.get(verb);
        if (step === undefined)
          throw new Error(`this program knows no step \`${verb}\` (plan of ${plan.workflow})`);
        return step;
      },
      ask: conditions.ask,
    }),
  );
  const byHash = new Map(linked.map((one) => [one.plan.hash, one]));
  const entered = current
    .flatMap((hash) => byHash.get(hash) ?? [])
    .sort((a, b) => (a.plan.workflow < b.plan.workflow ? -1 : 1));
  return {
    catalogue,
    current: entered,
    byHash,
    reckon,
    predictWin: null,
    scoring: linkScores(catalogue, { conditions, reckon, plans, current }),
    passages: linkPassages(
      plans,
      entered.map(({ plan }) => plan),
      lineage,
    ),
  };
}

/** From each plan that its workflow's current one does not leave alone. */
function linkPassages(
  plans: readonly Plan[],
  current: readonly Plan[],
  lineage: Lineage,
): ReadonlyMap<string, Passage> {
  const passages = new Map<string, Passage>();
  for (const from of plans) {
    const to = current.find(({ workflow }) => workflow === from.workflow);
    if (to === undefined || to.hash === from.hash || lineage.pinned.includes(from.hash)) continue;
    if (to.inFlight === 'migrate' || to.inFlight === 'restart')
      passages.set(from.hash, createPassage(from, to, lineage));
  }
  return passages;
}
