// Rules over a whole plan, and over all plans together: a list of small functions, each of which looks for one kind of
// mistake. They know steps by their traits and arms, never by verb.
import type { Catalogue } from './catalogue.ts';
import { findCapped } from './check-caps.ts';
import { findUnknownFacts } from './check-facts.ts';
import { findLoops } from './check-loops.ts';
import type { Report } from './diagnostic.ts';
import type { CheckScope, Draft } from './draft.ts';
import { reachable } from './graph.ts';

type PlanRule = (draft: Draft, scope: CheckScope, report: Report) => void;
type PlansRule = (drafts: readonly Draft[], catalogue: Catalogue, report: Report) => void;

const planRules: readonly PlanRule[] = [findUnreachable, findUnknownFacts];
const plansRules: readonly PlansRule[] = [findDuplicates, findLoops, findCapped];

export function checkPlan(draft: Draft, scope: CheckScope, report: Report): void {
  for (const rule of planRules) rule(draft, scope, report);
}

export function checkPlans(drafts: readonly Draft[], catalogue: Catalogue, report: Report): void {
  for (const rule of plansRules) rule(drafts, catalogue, report);
}

/** Only the first of several in a row is told: what follows it is out of reach for the same reason. */
function findUnreachable({ plan, places }: Draft, _: CheckScope, report: Report): void {
  const reached = reachable(plan);
  const lost = Object.values(plan.nodes).filter((node) => !reached.has(node.id));
  const followers = new Set(lost.flatMap((node) => [node.next, ...Object.values(node.arms)]));
  for (const node of lost) {
    const at = places.get(node.id);
    if (at !== undefined && !followers.has(node.id))
      report('unreachable-step', at, `nothing leads to \`${node.id}\``, 'every way before it ends the run');
  }
}

function findDuplicates(drafts: readonly Draft[], _: Catalogue, report: Report): void {
  const first = new Map<string, Draft>();
  for (const draft of drafts) {
    const { workflow } = draft.plan;
    const other = first.get(workflow);
    const at = draft.root.keys.get('workflow')?.value ?? draft.root;
    if (other === undefined) first.set(workflow, draft);
    else report('duplicate-workflow', at, `\`${workflow}\` is defined in ${other.root.file} already`);
  }
}
