// One run, one signal, now: where it goes, and what it asks for on the way. It walks from step to step until one makes
// it stand, or it ends. The hops of one call are bounded: a plan cannot hold a worker, however it loops.
import { gates, subjectOf } from './gates.ts';
import { hearsPhrase, momentOfPhrase } from './phrase.ts';
import type { Scene } from './phrase-kind.ts';
import type { LinkedPlan, Program } from './plan.ts';
import type { Line } from './reaction.ts';
import type { Decision, Effect, Facts, Happening, Json, Node, Patch, Raised, Run, View } from './step.ts';

/** More than any plan of 256 KB can have steps. */
const maxHops = 20_000;

export interface Situation {
  readonly program: Program;
  readonly linked: LinkedPlan;
  readonly facts: Facts;
  readonly now: number;
}

export interface Move {
  readonly run: Run;
  readonly effects: readonly Effect[];
  readonly patch: Patch;
  readonly raises: readonly Raised[];
  readonly lines: readonly Line[];
}

/** What the walk gathers. */
interface Trail {
  run: Run;
  facts: Facts;
  patch: Patch;
  readonly effects: Effect[];
  readonly raises: Raised[];
  readonly lines: Line[];
}

/** A run that has just come to `run.node` (`isArrival`), or stands there and is woken by an event or by time. */
export function advance(run: Run, situation: Situation, event: Happening | null, isArrival: boolean): Move {
  const trail: Trail = { run, facts: situation.facts, patch: {}, effects: [], raises: [], lines: [] };
  let arrived = isArrival || run.memory.arriving === true;
  if (arrived) arrive(trail, run.node, situation.now, run.wakeAt);
  let heard = event;
  for (let hops = 0; trail.run.node !== null; hops++) {
    if (hops > maxHops)
      throw new Error(`run ${run.id} of ${run.workflow} took ${maxHops} steps without waiting`);
    const moved = decideAt(trail, situation, heard, arrived);
    if (!moved) break;
    [heard, arrived] = [null, true];
  }
  return trail;
}

/** When time alone moves a run that stands where it is: now, where its step would let it go on. */
export function standsUntil(run: Run, situation: Situation): number | null {
  const trail: Trail = { run, facts: situation.facts, patch: {}, effects: [], raises: [], lines: [] };
  const { node, decide } = placeOf(run, situation.linked);
  const decision = decide(createView(trail, node, situation, { event: null, arrived: false, notes: [] }));
  return decision.go === 'stay' ? decision.until : situation.now;
}

/** Puts the run on a step; null: after the last one, so it ends. */
function arrive(trail: Trail, node: string | null, now: number, wakeAt: number | null = null): void {
  const { run } = trail;
  if (node === null) {
    end(trail, { outcome: 'finished', goal: false, why: 'came to the end' }, now);
    return;
  }
  const { arriving: _, key: __, ...memory } = run.memory;
  const visits = { ...memory.visits, [node]: (memory.visits[node] ?? 0) + 1 };
  trail.run = { ...run, node, nodeAt: now, wakeAt, memory: { ...memory, visits } };
}

/** Asks the step on which the run stands; true where the run moved on. */
function decideAt(trail: Trail, situation: Situation, event: Happening | null, arrived: boolean): boolean {
  const { linked, now } = situation;
  const { node, decide } = placeOf(trail.run, linked);
  const notes: string[] = [];
  const decision = decide(createView(trail, node, situation, { event, arrived, notes }));
  const noted = notes.length === 0 ? decision.why : `${decision.why} (${[...new Set(notes)].join('; ')})`;
  if (decision.go === 'stay') {
    if (decision.until !== null && decision.until <= now)
      throw new Error(`step \`${node.id}\` of ${linked.plan.workflow} stays until a time that has passed`);
    const asks = decision.effects ?? [];
    trail.effects.push(...asks);
    if (arrived) trail.lines.push(line(asks.length > 0 ? 'queued' : 'waits', node.id, noted, now, null));
    trail.run = { ...trail.run, wakeAt: decision.until };
    return false;
  }
  if (decision.go === 'end') {
    end(trail, { outcome: decision.outcome, goal: decision.goal === true, why: noted }, now);
    return true;
  }
  const what = decision.effects?.length ? 'queued' : 'moved';
  trail.lines.push(line(what, node.id, noted, now, event?.id ?? null));
  carry(trail, decision);
  arrive(trail, nextOf(node, decision.arm), now);
  return true;
}

interface Standing {
  readonly node: Node;
  decide(view: View<Json>): Decision;
}

/** The step on which the run stands, or the gate, which leads to the first one. */
function placeOf(run: Run, { plan, step }: LinkedPlan): Standing {
  const node = plan.nodes[run.node ?? ''];
  if (node !== undefined) return { node, decide: (view) => step(node.verb).decide(view) };
  const gate = gates.find(({ id }) => id === run.node);
  if (gate === undefined)
    throw new Error(`run ${run.id} stands on \`${run.node}\`, which its plan does not have`);
  const first = {
    id: gate.id,
    verb: gate.id,
    params: null,
    next: plan.first,
    arms: {},
    traits: { label: gate.id },
  };
  return { node: first, decide: (view) => gate.decide(view.run, plan, view.now) };
}

function createView(
  trail: Trail,
  node: Node,
  { program, linked, now }: Situation,
  { event, arrived, notes }: { event: Happening | null; arrived: boolean; notes: string[] },
): View<Node['params']> {
  const { run, facts } = trail;
  const time = program.reckon(facts);
  const scene: Scene = { catalogue: program.catalogue, facts, time, run };
  const momentOf = (phrase: Node['params']) => momentOfPhrase(phrase, scene, run.nodeAt);
  return {
    params: node.params,
    node,
    plan: linked.plan,
    run,
    facts,
    subject: subjectOf(linked.plan, facts, run.contactId),
    now,
    arrived,
    event,
    time,
    test(condition) {
      const { is, unknown } = linked.ask(condition, { facts, memory: run.memory, now });
      if (unknown !== null) notes.push(unknown);
      return is;
    },
    hears(phrase) {
      const moment = momentOf(phrase);
      return (event !== null && hearsPhrase(phrase, event, scene)) || (moment !== null && moment <= now);
    },
    momentOf,
  };
}

function carry(trail: Trail, { effects = [], patch = {}, raises = [] }: Decision & { go: 'on' }): void {
  trail.effects.push(...effects);
  trail.raises.push(...raises);
  const contact = { ...trail.facts.contact, ...patch.contact };
  const deal = trail.facts.deal === null ? null : { ...trail.facts.deal, ...patch.deal };
  trail.facts = { contact, deal };
  trail.patch = mergePatches(trail.patch, patch);
}

export function mergePatches(first: Patch, second: Patch): Patch {
  return {
    ...(first.contact || second.contact ? { contact: { ...first.contact, ...second.contact } } : {}),
    ...(first.deal || second.deal ? { deal: { ...first.deal, ...second.deal } } : {}),
  };
}

function end(
  trail: Trail,
  { outcome, goal, why }: { outcome: string; goal: boolean; why: string },
  now: number,
): void {
  trail.lines.push(line('ended', trail.run.node, why, now, null));
  trail.run = endRun(trail.run, outcome, goal, now);
}

export function endRun(run: Run, outcome: string, goal: boolean, now: number): Run {
  return { ...run, node: null, wakeAt: null, endedAt: now, outcome, goal };
}

export function line(
  what: Line['what'],
  node: string | null,
  why: string,
  at: number,
  eventId: string | null,
): Line {
  // What is heard without having been recorded, as a score that time alone takes down, has no id of the ledger.
  return { at, what, node, why, eventId: eventId?.startsWith('@') ? null : eventId };
}

function nextOf(node: Node, arm: string | undefined): string | null {
  if (arm === undefined) return node.next;
  const target = node.arms[arm];
  if (target === undefined) throw new Error(`step \`${node.id}\` has no arm \`${arm}\``);
  return target;
}
