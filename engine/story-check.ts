// The stories of a file, read while it is compiled. Where nothing is wrong with the file they are run as well, to see which
// arms they leave out: that costs about a millisecond a story.
import { listSteps } from './block.ts';
import type { Catalogue } from './catalogue.ts';
import { collector, type Diagnostic, hasErrors } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { type Ground, link } from './link.ts';
import { noLineage } from './migrate.ts';
import type { Step } from './step.ts';
import type { Story } from './story.ts';
import { reportUntested } from './story-cover.ts';
import { readStories } from './story-read.ts';

/** Adds to what was found. */
export function checkStories(
  draft: Draft,
  steps: readonly Step[],
  catalogue: Catalogue,
  ground: Ground,
  found: Diagnostic[],
): Story[] {
  const report = collector(found);
  const list = draft.root.keys.get('steps')?.value;
  const verbs = steps.map(({ verb }) => verb);
  const written = list === undefined ? [] : listSteps(list, verbs);
  const stories = readStories({ draft, steps: written, catalogue, reckon: ground.reckon, report });
  const { plan } = draft;
  const program = () => link([plan], [plan.hash], steps, catalogue, noLineage, ground);
  if (stories.length > 0 && !hasErrors(found)) reportUntested(draft, stories, program, report);
  return stories;
}
