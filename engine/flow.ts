// A plan as boxes and ways between them, for whoever draws it: where it begins, its steps, the ways of a branch or a wait
// with what each asks, the way back of a repeat, and where it ends. Words only; nothing here knows a pen.
import { tellDuration } from './duration.ts';
import { waysFrom } from './graph.ts';
import { tellPhrase } from './phrase.ts';
import type { Plan } from './plan.ts';
import type { Json, Node } from './step.ts';

export interface Box {
  readonly id: string;
  readonly kind: 'enter' | 'step' | 'fork' | 'end';
  readonly label: string;
}

export interface Way {
  readonly from: string;
  readonly to: string;
  /** What is asked on it; empty where it is the only one. */
  readonly label: string;
  /** It leads to an earlier step. */
  readonly isBack: boolean;
}

export interface Flow {
  readonly workflow: string;
  readonly description: string;
  readonly boxes: readonly Box[];
  readonly ways: readonly Way[];
  /** Beside the picture: who comes in, and what ends a run wherever it stands. */
  readonly rules: readonly string[];
}

const entry = '@enter';
const finished = '@finished';

export function flowOf(plan: Plan): Flow {
  const nodes = Object.values(plan.nodes);
  const order = new Map(nodes.map(({ id }, i) => [id, i]));
  const ways: Way[] = [{ from: entry, to: plan.first ?? finished, label: '', isBack: false }];
  for (const node of nodes)
    for (const [arm, target] of merged(node))
      ways.push({
        from: node.id,
        to: target ?? finished,
        label: arm,
        isBack: target !== null && (order.get(target) ?? 0) <= (order.get(node.id) ?? 0),
      });
  const boxes: Box[] = [
    { id: entry, kind: 'enter', label: tellPhrase(plan.enter.when) },
    ...nodes.map((node): Box => ({ id: node.id, kind: kindOf(node), label: labelOf(node) })),
  ];
  if (ways.some(({ to }) => to === finished)) boxes.push({ id: finished, kind: 'end', label: 'finished' });
  return {
    workflow: plan.workflow,
    description: plan.description,
    boxes,
    ways,
    rules: [...entryRules(plan), ...exitRules(plan)],
  };
}

function kindOf(node: Node): Box['kind'] {
  if (node.traits.ends !== undefined) return 'end';
  return Object.keys(node.arms).length > 0 ? 'fork' : 'step';
}

/** The label says what it does; the id is what people stand on. */
const labelOf = ({ traits: { label } }: Node) => label;

/** Arms that lead to the same step are one way. */
function merged(node: Node): [label: string, target: string | null][] {
  const words = new Map<string | null, string[]>();
  for (const [arm, target] of waysFrom(node))
    words.set(target, [...(words.get(target) ?? []), asked(node, arm)]);
  return [...words].map(([target, labels]) => [words.size === 1 ? '' : labels.join(' / '), target]);
}

const armWords: { readonly [arm: string]: string } = {
  event: 'it happens',
  timeout: 'time is up',
  again: 'again',
  on: 'often enough',
};

/** What an arm asks, where the step keeps conditions by arm. */
function asked({ params }: Node, arm: string): string {
  const kept = (params as { conditions?: Json } | null)?.conditions;
  const conditions = Array.isArray(kept) ? (kept as { arm: string; condition: string }[]) : [];
  return conditions.find((one) => one.arm === arm)?.condition ?? armWords[arm] ?? arm;
}

function entryRules({ enter, topic, sendWindow }: Plan): string[] {
  const { onlyIf, again, per, holdout, rollout, perDay } = enter;
  const share = (of: number) => `${Math.round(of * 1000) / 10}%`;
  const facts = [
    ...(again === 'never'
      ? ['once']
      : again === 'always'
        ? ['every time']
        : [`again after ${tellDuration(again)}`]),
    `one at a time for each ${per}`,
    ...(rollout < 1 ? [`${share(rollout)} of them`] : []),
    ...(holdout > 0 ? [`${share(holdout)} held out`] : []),
    ...(perDay === null ? [] : [`${perDay} a day`]),
    ...(topic === null ? [] : [`topic ${topic}`]),
    ...(sendWindow === null ? [] : [`mails in ${sendWindow}`]),
  ];
  return [...(onlyIf === null ? [] : [`Enters only if ${onlyIf}`]), `Enters ${facts.join(', ')}`];
}

function exitRules({ exits }: Plan): string[] {
  return exits.map(
    ({ when, outcome, goal }) => `Leaves when ${tellPhrase(when)}: ${outcome}${goal ? ' (the goal)' : ''}`,
  );
}
