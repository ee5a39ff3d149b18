// Arms that no story of a file reaches: what nobody has rehearsed is where surprises live. Only arms with steps of their
// own count, and only in files that have stories.

import type { Report } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import type { Program } from './plan.ts';
import type { Located } from './source.ts';
import type { Node } from './step.ts';
import type { Story } from './story.ts';
import { runStory } from './story-run.ts';

/** `link` is called where a story has to be run at all: a file without arms, or with all of them taken, costs no more. */
export function reportUntested(
  { plan, places }: Draft,
  stories: readonly Story[],
  link: () => Program,
  report: Report,
): void {
  if (stories.length === 0) return;
  const arms = armsOf(plan, places);
  if (arms.length === 0) return;
  const taken = takenBy(stories, link(), arms);
  for (const { node, arm, first, at } of arms) {
    // What stands inside an arm that is not reached is not reached either: it is told once.
    if (taken.has(`${node.id} ${arm}`) || !isReached(node, places, taken)) continue;
    const place = at.keys.get('id')?.value ?? at;
    report('untested-branch', place, `no story comes to \`${first}\``, hintFor(node, arm));
  }
}

interface Arm {
  readonly node: Node;
  readonly arm: string;
  readonly first: string;
  /** Where its first step is written. */
  readonly at: Located;
}

/** Arms with steps of their own. */
function armsOf({ nodes }: Draft['plan'], places: Draft['places']): Arm[] {
  return Object.values(nodes).flatMap((node) =>
    Object.entries(node.arms).flatMap(([arm, first]) => {
      const at = first === null ? undefined : places.get(first);
      return first === null || at === undefined || !isInside(at, places.get(node.id))
        ? []
        : [{ node, arm, first, at }];
    }),
  );
}

/** The arms that the stories take; once all that are asked for are taken, no other story is run. */
function takenBy(stories: readonly Story[], program: Program, arms: readonly Arm[]): Set<string> {
  const taken = new Set<string>();
  for (const story of stories) {
    if (arms.every(({ node, arm }) => taken.has(`${node.id} ${arm}`))) break;
    for (const one of runStory(story, program).arms) taken.add(one);
  }
  return taken;
}

function hintFor({ id, verb }: Node, arm: string): string {
  if (verb === 'split') return `add one under \`tests:\` with \`given: { draws: { ${id}: ${arm} } }\``;
  return `add one under \`tests:\` in which \`${id}\` takes this way`;
}

function isInside(at: Located, outer: Located | undefined): boolean {
  if (outer === undefined) return false;
  if (outer === at) return true;
  return [...[...outer.keys.values()].map(({ value }) => value), ...outer.items].some((part) =>
    isInside(at, part),
  );
}

/** False where the step stands in an arm that no story takes. */
function isReached(node: Node, places: Draft['places'], taken: ReadonlySet<string>): boolean {
  const own = places.get(node.id);
  if (own === undefined || Object.keys(node.arms).some((arm) => taken.has(`${node.id} ${arm}`))) return true;
  return ![...places].some(([id, around]) => id !== node.id && isInside(own, around));
}
