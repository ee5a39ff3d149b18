// Links plans to the steps of this program: conditions are parsed once, zones are reckoned once. Made anew whenever
// plans or declarations change, and shared by all contacts of a process.
import { createReckonings } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { createConditions } from './condition.ts';
import { linkScores } from './link-scores.ts';
import { createPassage, type Lineage, noLineage } from './migrate.ts';
import type { LinkedPlan, Passage, Plan, Program } from './plan.ts';
import type { Step } from './step.ts';

/** `current`: the hashes that take new entries, one for each workflow. Other plans serve the runs pinned to them. */
export function link(
  plans: readonly Plan[],
  current: readonly string[],
  steps: readonly Step[],
  catalogue: Catalogue,
  lineage: Lineage = noLineage,
): Program {
  const conditions = createConditions(catalogue);
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
  const reckon = createReckonings(catalogue);
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
export function linkPassages(
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
