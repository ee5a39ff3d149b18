// A View as a literal, naming only what a test is about, and a compiled step beside it.
import { createReckonings } from '../../engine/calendar.ts';
import { compile } from '../../engine/compile.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { hearsPhrase, momentOfPhrase } from '../../engine/phrase.ts';
import type { Json, Node, Run, View } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { catalogue, monday } from '../engine/fixture.ts';

/** The node of the step `it` of a workflow of a deal, which holds these steps and the topic marketing. */
export function nodeOf(yaml: string): Node {
  const indented = yaml.replace(/^/gm, '  ');
  const text = `workflow: w\nenter: { when: deal.stage enters "Offer" }\ntopic: marketing\nsteps:\n${indented}`;
  const files = [{ path: 'w.yaml', text }];
  const { plans, diagnostics } = compile(files, steps, catalogue);
  const node = plans[0]?.nodes.it;
  if (node === undefined) throw new Error(printDiagnostics(diagnostics, files));
  return node;
}

export const run: Run = {
  id: 'r1',
  workflow: 'w',
  plan: 'hash',
  contactId: 'c1',
  dealId: 'd1',
  node: 'it',
  nodeAt: monday,
  enteredAt: monday,
  wakeAt: null,
  memory: { visits: { it: 1 }, happened: {} },
  endedAt: null,
  outcome: null,
  goal: false,
};

/** `holds`: the conditions that are true. */
export function viewOf(
  node: Node,
  parts: Partial<View<Json>> = {},
  holds: readonly string[] = [],
): View<Json> {
  const facts = parts.facts ?? { contact: {}, deal: {} };
  const time = createReckonings(catalogue)(facts);
  const scene = { catalogue, facts, time, run };
  return {
    params: node.params,
    node,
    plan: { workflow: 'w', topic: 'marketing', sendWindow: null },
    run,
    facts,
    subject: 'd1',
    now: monday,
    arrived: true,
    event: null,
    time,
    test: (condition) => holds.includes(condition),
    hears: (phrase) => parts.event != null && hearsPhrase(phrase, parts.event, scene),
    momentOf: (phrase) => momentOfPhrase(phrase, scene, run.nodeAt),
    ...parts,
  };
}
