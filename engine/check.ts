// Rules over a whole plan, and over all plans together: a list of small functions, each of which looks for one kind of
// mistake. They know steps by their traits and arms, never by verb.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import { reachable } from './graph.ts';
import type { Plan } from './plan.ts';
import type { Located } from './source.ts';

/** A plan and where its parts are written, as the checks see it. */
export interface Draft {
  readonly plan: Plan;
  readonly root: Located;
  readonly places: ReadonlyMap<string, Located>;
}

type PlanRule = (draft: Draft, catalogue: Catalogue, report: Report) => void;
type PlansRule = (drafts: readonly Draft[], report: Report) => void;

const planRules: readonly PlanRule[] = [findUnreachable];
const plansRules: readonly PlansRule[] = [findDuplicates];

export function checkPlan(draft: Draft, catalogue: Catalogue, report: Report): void {
  for (const rule of planRules) rule(draft, catalogue, report);
}

export function checkPlans(drafts: readonly Draft[], report: Report): void {
  for (const rule of plansRules) rule(drafts, report);
}

/** Only the first of several in a row is told: what follows it is out of reach for the same reason. */
function findUnreachable({ plan, places }: Draft, _: Catalogue, report: Report): void {
  const reached = reachable(plan);
  const lost = Object.values(plan.nodes).filter((node) => !reached.has(node.id));
  const followers = new Set(lost.flatMap((node) => [node.next, ...Object.values(node.arms)]));
  for (const node of lost) {
    const at = places.get(node.id);
    if (at !== undefined && !followers.has(node.id))
      report('unreachable-step', at, `nothing leads to \`${node.id}\``, 'every way before it ends the run');
  }
}

function findDuplicates(drafts: readonly Draft[], report: Report): void {
  const first = new Map<string, Draft>();
  for (const draft of drafts) {
    const { workflow } = draft.plan;
    const other = first.get(workflow);
    const at = draft.root.keys.get('workflow')?.value ?? draft.root;
    if (other === undefined) first.set(workflow, draft);
    else report('duplicate-workflow', at, `\`${workflow}\` is defined in ${other.root.file} already`);
  }
}
