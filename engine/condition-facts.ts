// Which facts are surely known where a condition holds: a fact that is not known makes its condition no, so whatever had
// to be looked at is known. One side of `||` is enough to hold it, so of those only what both sides looked at counts.
import type { ASTNode } from '@marcbachmann/cel-js';
import { type Conditions, pathOf } from './condition.ts';

/** The paths of the facts; null where the condition never holds, so that anything may be said of it. */
export function factsKnownWhen({ environment }: Conditions, condition: string): ReadonlySet<string> | null {
  if (condition === 'false') return null;
  return knownIn(environment.parse(condition).ast);
}

function knownIn(node: ASTNode): Set<string> {
  if (node.op === '||') return both(knownIn(node.args[0]), knownIn(node.args[1]));
  if (node.op === '?:') {
    const [asked, yes, no] = node.args;
    return new Set([...knownIn(asked), ...both(knownIn(yes), knownIn(no))]);
  }
  if (node.op === '!_') return isHas(node.args) ? new Set() : knownIn(node.args);
  // Of a macro's body nothing is sure: a list may be empty, or answered by its first item.
  if (node.op === 'rcall') return knownIn(node.args[1]);
  const path = pathOf(node);
  if (path !== null) return new Set([path]);
  return new Set(childrenOf(node).flatMap((child) => [...knownIn(child)]));
}

const isHas = (node: ASTNode) => node.op === 'call' && node.args[0] === 'has';
const both = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  new Set([...a].filter((path) => b.has(path)));

/** The expressions right below one. */
export function childrenOf(node: ASTNode): ASTNode[] {
  const isNode = (value: unknown): value is ASTNode =>
    typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
  const parts = (Array.isArray(node.args) ? node.args.flat() : [node.args]) as unknown[];
  return parts.filter(isNode);
}
