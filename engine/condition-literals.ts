// What a plan compares facts with: `deal.objection == "price"` makes "price" worth drawing for that fact. Personas are drawn
// around these values, so that every arm of a branch gets some of them.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Conditions, pathOf, walk } from './condition.ts';
import type { Plan } from './plan.ts';
import type { Json } from './step.ts';

const comparisons = ['==', '!=', '<', '<=', '>', '>=', 'in'];

/** By path of the fact, each value once. */
export function literalsOf(plan: Plan, conditions: Conditions): Map<string, (string | number)[]> {
  const found = new Map<string, Set<string | number>>();
  const params = Object.values(plan.nodes).map((node) => node.params);
  for (const source of textsIn([plan.enter.onlyIf, ...params]))
    for (const node of nodesOf(source, conditions)) {
      if (!comparisons.includes(node.op)) continue;
      const [left, right] = node.args as readonly [ASTNode, ASTNode];
      note(left, right, found);
      note(right, left, found);
    }
  return new Map([...found].map(([path, values]) => [path, [...values]]));
}

function note(fact: ASTNode, other: ASTNode, found: Map<string, Set<string | number>>): void {
  const path = pathOf(fact);
  if (path === null || !path.includes('.')) return;
  const values = found.get(path) ?? new Set();
  for (const each of other.op === 'list' ? other.args : [other]) {
    if (each.op !== 'value') continue;
    if (typeof each.args === 'string') values.add(each.args);
    else if (typeof each.args === 'number' || typeof each.args === 'bigint') values.add(Number(each.args));
  }
  if (values.size > 0) found.set(path, values);
}

/** Not every text of a plan is a condition; what does not read as one has no nodes. */
function nodesOf(source: string, { environment }: Conditions): ASTNode[] {
  try {
    return walk(environment.parse(source).ast);
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
