// Arms that no story of a file reaches: what nobody has rehearsed is where surprises live. Only arms with steps of their
// own count, and only in files that have stories.

import type { Report } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import type { Program } from './plan.ts';
import type { Located } from './source.ts';
import type { Node } from './step.ts';
import type { Story } from './story.ts';
import { runStory } from './story-run.ts';

export function reportUntested(
  { plan, places }: Draft,
  stories: readonly Story[],
  program: Program,
  report: Report,
): void {
  if (stories.length === 0) return;
  const taken = new Set(stories.flatMap((story) => [...runStory(story, program).arms]));
  for (const node of Object.values(plan.nodes))
    for (const [arm, first] of Object.entries(node.arms)) {
      const at = first === null ? undefined : places.get(first);
      if (at === undefined || taken.has(`${node.id} ${arm}`) || !isInside(at, places.get(node.id))) continue;
      // What stands inside an arm that is not reached is not reached either: it is told once.
      if (!isReached(node, places, taken)) continue;
      const place = at.keys.get('id')?.value ?? at;
      report('untested-branch', place, `no story comes to \`${first}\``, hintFor(node, arm));
    }
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
