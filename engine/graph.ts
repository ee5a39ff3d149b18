// The nodes of a plan as a graph: where each may lead, and what can be reached.
import type { Plan } from './plan.ts';
import type { Node } from './step.ts';

/** By arm; a node with arms leads through them alone. null stands for the end of the run. */
export function waysFrom(node: Node): [arm: string, target: string | null][] {
  if (node.traits.ends !== undefined) return [];
  const arms = Object.entries(node.arms);
  return arms.length > 0 ? arms : [['', node.next]];
}

export function reachable(plan: Pick<Plan, 'first' | 'nodes'>): Set<string> {
  const found = new Set<string>();
  const open = [plan.first];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = id === null || found.has(id) ? undefined : plan.nodes[id];
    if (node === undefined) continue;
    found.add(node.id);
    open.push(...waysFrom(node).map(([, target]) => target));
  }
  return found;
}
