// Facts that a mail prints without a default, against what every way to its step knows: the deal's own, what the event
// and the condition of entry speak of, what a branch asked, what a `set` wrote. A mail with a hole in it is what comes
// of the rest. Facts that an event empties later are not reckoned with.
import { factsKnownWhen } from './condition-facts.ts';
import type { Report } from './diagnostic.ts';
import type { CheckScope, Draft } from './draft.ts';
import { waysFrom } from './graph.ts';
import { isOfDeal } from './phrase.ts';
import type { Fields, Json, Node } from './step.ts';

type Known = ReadonlySet<string>;
const none: Known = new Set();

export function findUnknownFacts(draft: Draft, scope: CheckScope, report: Report): void {
  const { plan, places } = draft;
  if (plan.enter.when === null) return;
  const hasDeal = plan.enter.per === 'deal' || isOfDeal(plan.enter.when);
  const known = knownAt(draft, scope);
  for (const node of Object.values(plan.nodes)) {
    const { template } = node.traits;
    const needs = template === undefined ? [] : (scope.catalogue.templates[template]?.needs ?? []);
    const lacks = needs.filter(
      (fact) => known.get(node.id)?.has(fact) === false && (hasDeal || !isOf(fact, 'deal')),
    );
    const at = places.get(node.id);
    if (lacks.length > 0 && at !== undefined)
      report(
        'missing-fact',
        at.keys.get(node.verb)?.value ?? at,
        `\`${template}\` prints ${lacks.join(', ')}, and not every way here knows ${lacks.length > 1 ? 'them' : 'it'}`,
        `ask \`has(${lacks[0]})\` in \`only_if\` or a branch, or write a \`default:\` in the template`,
      );
  }
}

const isOf = (fact: string, owner: string) => fact.startsWith(`${owner}.`);

/** What is known on arriving at each step, by every way there is; steps that nothing reaches are left out. */
function knownAt(draft: Draft, scope: CheckScope): Map<string, Known> {
  const { plan } = draft;
  const known = new Map<string, Known>();
  const asked = plan.enter.onlyIf === null ? none : factsKnownWhen(scope.conditions, plan.enter.onlyIf);
  if (asked === null) return known;
  const open: [string | null, Known][] = [
    [plan.first, new Set([...factsOfPhrase(plan.enter.when), ...asked])],
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [id, arriving] = next;
    const node = id === null ? undefined : plan.nodes[id];
    if (node === undefined) continue;
    const before = known.get(node.id);
    const now = before === undefined ? arriving : new Set([...before].filter((fact) => arriving.has(fact)));
    if (before !== undefined && now.size === before.size) continue;
    known.set(node.id, now);
    open.push(...knownBehind(node, now, draft, scope));
  }
  return known;
}

/** Along each way from a step: what was known before it, what it wrote, and what that way was asked. */
function knownBehind(
  node: Node,
  before: Known,
  { notes }: Draft,
  { conditions }: CheckScope,
): [string | null, Known][] {
  const { sets = [], asks = {} } = notes.get(node.id) ?? {};
  return waysFrom(node).flatMap(([arm, target]): [string | null, Known][] => {
    const condition = asks[arm];
    const asked = condition === undefined ? none : factsKnownWhen(conditions, condition);
    return asked === null ? [] : [[target, new Set([...before, ...sets, ...asked])]];
  });
}

/** An event speaks of facts that it could not be heard without. */
function factsOfPhrase(when: Json): string[] {
  const { moment, score } = when as Fields;
  const fact = (moment as Fields | null | undefined)?.fact;
  return [
    ...(typeof fact === 'string' ? [fact] : []),
    ...(typeof score === 'string' ? [`contact.score.${score}`] : []),
  ];
}
