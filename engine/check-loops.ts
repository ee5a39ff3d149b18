// Workflows that start each other in a circle: what a step of one makes happen is what the next one begins with, and the
// last one begins the first. Conditions are not weighed, since nobody can; where they break the circle, the author says
// so in a `lint-ignore`. The engine stops such a chain by its depth, which is no plan.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import type { Raises } from './notes.ts';
import { hearsPhrase } from './phrase.ts';
import type { Happening, Reckoning } from './step.ts';

/** What `from` does at a step, and who begins with it. */
interface Link {
  readonly from: Draft;
  readonly node: string;
  readonly to: Draft;
  readonly types: readonly string[];
}

export function findLoops(drafts: readonly Draft[], catalogue: Catalogue, report: Report): void {
  const links = drafts.flatMap((from) => linksFrom(from, drafts, catalogue));
  for (const circle of circlesIn(drafts, links)) {
    const members = new Set(circle);
    const within = links.filter(({ from, to }) => members.has(from) && members.has(to));
    const [first] = within;
    if (first === undefined || !turns(circle, within)) continue;
    const at = first.from.places.get(first.node) ?? first.from.root;
    const names = circle.map(({ plan }) => `\`${plan.workflow}\``);
    report(
      'workflow-loop',
      at.keys.get(first.from.plan.nodes[first.node]?.verb ?? '')?.value ?? at,
      names.length === 1
        ? `this starts ${names[0]} again, from within it`
        : `this starts \`${first.to.plan.workflow}\`, and so ${names.join(' and ')} start each other in a circle`,
      'let one of them begin with something else, or end where the circle would close',
    );
  }
}

function linksFrom(from: Draft, drafts: readonly Draft[], catalogue: Catalogue): Link[] {
  const raising = [...from.notes].filter(([, { raises = [] }]) => raises.length > 0);
  return raising.flatMap(([node, { raises = [] }]) =>
    drafts.flatMap((to) => {
      const types = raises.filter((raised) => begins(to, raised, catalogue)).map(({ type }) => type);
      return types.length === 0 ? [] : [{ from, node, to, types }];
    }),
  );
}

/** One state alone is reached once and then stays: moving a deal to where it stands raises nothing. */
function turns(circle: readonly Draft[], within: readonly Link[]): boolean {
  const raised = circle.flatMap((one) => [...one.notes.values()].flatMap(({ raises = [] }) => raises));
  return within
    .flatMap(({ types }) => types)
    .some((type) => {
      const states = new Set(raised.filter((one) => one.type === type).map(({ state }) => state));
      return states.size > 1 || states.has(null);
    });
}

function begins({ plan }: Draft, { type, data }: Raises, catalogue: Catalogue): boolean {
  if (plan.enter.when === null) return false;
  const event: Happening = { id: '', type, at: 0, dealId: null, data };
  const facts = { contact: {}, deal: null };
  // Only phrases of time reckon, and none of them hears an event.
  return hearsPhrase(plan.enter.when, event, { catalogue, facts, time: {} as Reckoning, run: null });
}

/** Sets of drafts each of which leads to each other, by what they start; those alone lead to themselves. */
function circlesIn(drafts: readonly Draft[], links: readonly Link[]): Draft[][] {
  const ahead = new Map(drafts.map((draft) => [draft, reachedFrom(draft, links)]));
  const seen = new Set<Draft>();
  return drafts.flatMap((draft) => {
    if (seen.has(draft) || !ahead.get(draft)?.has(draft)) return [];
    const circle = drafts.filter((other) => ahead.get(draft)?.has(other) && ahead.get(other)?.has(draft));
    for (const one of circle) seen.add(one);
    return [circle];
  });
}

function reachedFrom(draft: Draft, links: readonly Link[]): Set<Draft> {
  const found = new Set<Draft>();
  const open = [draft];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const { from, to } of links)
      if (from === at && !found.has(to)) {
        found.add(to);
        open.push(to);
      }
  return found;
}
