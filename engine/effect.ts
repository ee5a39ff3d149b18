// How a step asks for something to be done outside. The key is `<step>#<visit>`: exactly once rests on it, so a step
// asks for at most one effect, and raises at most one event, each time a run arrives.
import type { Effect, Fields, Json, Raised, View } from './step.ts';

/** After this, an undelivered effect is given up: what is three days late is no longer what was meant. */
const usualLifetimeMs = 3 * 86_400_000;

export interface EffectWish {
  readonly payload: Json;
  /** The consent that doing it needs. */
  readonly topic: string | null;
  readonly dueAt: number;
  /** Said where it is no mail to the contact. */
  readonly toContact?: false;
  /** After which it is given up; default three days. */
  readonly lifetimeMs?: number;
}

export function createEffect<P>(view: View<P>, wish: EffectWish): Effect {
  const { node } = view;
  const { payload, topic, dueAt, toContact, lifetimeMs = usualLifetimeMs } = wish;
  return {
    key: keyOf(view),
    verb: node.verb,
    node: node.id,
    topic,
    ...(toContact === false ? { toContact } : {}),
    payload,
    dueAt,
    expiresAt: dueAt + lifetimeMs,
  };
}

/** An event that this step makes happen, to the run's deal. It says how deep in a chain of such events it stands. */
export function createRaised<P>(view: View<P>, type: string, data: Fields): Raised {
  const depth = (view.run.memory.depth ?? 0) + 1;
  return { key: keyOf(view), type, dealId: view.run.dealId, data: { ...data, depth } };
}

/** `<step>#<visit>`: what this arrival of the run asks for goes by it. */
export function keyOf<P>({ node, run }: View<P>): string {
  return run.memory.key ?? `${node.id}#${run.memory.visits[node.id] ?? 1}`;
}
