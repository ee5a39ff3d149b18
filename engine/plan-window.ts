// Of those who stand in a wait that was edited: who goes on at once. The step itself is asked, as the worker will ask
// it, for a run that came at one instant and another; the latest that goes on is found by halving, because who came
// earlier never leaves later. So business days, zones and clock changes are reckoned by the one place that knows them.
import { standsUntil } from './advance.ts';
import type { Program } from './plan.ts';
import type { Facts, Run } from './step.ts';

/** The last instant of arrival from which a run goes on at `now`; null: nobody does. */
export function lastToLeave(
  program: Program,
  { plan, node, facts }: { readonly plan: string; readonly node: string; readonly facts: Facts },
  now: number,
): number | null {
  const linked = program.byHash.get(plan);
  if (linked === undefined) throw new Error(`the plan ${plan} is not loaded`);
  const leaves = (nodeAt: number) =>
    standsUntil(
      { ...standing, workflow: linked.plan.workflow, plan, node, nodeAt },
      { program, linked, facts, now },
    ) === now;
  if (leaves(now)) return now;
  // No wait is longer than what its plan says it lasts, and a day more than covers every clock change.
  let [early, late] = [now - (linked.plan.nodes[node]?.traits.lastsMs ?? 0) - 86_400_000, now];
  if (!leaves(early)) return null;
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (leaves(middle)) early = middle;
    else late = middle;
  }
  return early;
}

const standing: Omit<Run, 'workflow' | 'plan' | 'node' | 'nodeAt'> = {
  id: '',
  contactId: '',
  dealId: null,
  enteredAt: 0,
  wakeAt: null,
  memory: { visits: {}, happened: {} },
  endedAt: null,
  outcome: null,
  goal: false,
};
