// A batch of events, however it came in: each judged alone and answered in its place; what is sound is recorded in one
// transaction, and only after its commit is the doorbell rung.
import type { EventResult } from '../db/event-input.ts';
import { record } from '../db/events.ts';
import type { Declared } from '../db/intake.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import { ring } from './bell.ts';
import type { WebDeps } from './deps.ts';
import { type Checked, checkEvent } from './event-check.ts';
import { shapeOf } from './event-shape.ts';

/** 422 where every one of them is refused, else 202. */
export interface Taken {
  readonly status: 202 | 422;
  readonly results: readonly EventResult[];
}

export async function takeEvents(deps: WebDeps, batch: readonly unknown[]): Promise<Taken> {
  const now = await deps.clock.now();
  const catalogue = await deps.catalogue();
  const shape = shapeOf(catalogue.facts);
  const checked = batch.map((event) => checkEvent(event, shape, now, deps.limits));
  const inputs = checked.flatMap((one) => ('input' in one ? [one.input] : []));
  const recorded =
    inputs.length === 0
      ? []
      : await record(deps.db, inputs, { now, hash: deps.hash, ...declaredIn(catalogue) });
  const results = inOrder(checked, recorded);
  if (results.some((result) => result.status === 'accepted')) ring(deps, 'advance');
  const isAllRefused = results.length > 0 && results.every((result) => result.status === 'refused');
  return { status: isAllRefused ? 422 : 202, results };
}

/** The ledger answers for the sound ones, in their order; the others have their answer already. */
function inOrder(checked: readonly Checked[], recorded: readonly EventResult[]): readonly EventResult[] {
  const next = recorded.values();
  return checked.map((one) => {
    if ('refused' in one) return one.refused;
    const { done, value } = next.next();
    if (done === true) throw new Error(`The ledger did not answer for event ${one.input.id}`);
    return value.status === 'accepted' ? { ...value, ...one.note } : value;
  });
}

export function declaredIn({ pipelines, policy }: Catalogue): Declared {
  const doubleOptIn = Object.keys(policy.topics).filter((one) => policy.topics[one]?.doubleOptIn);
  return { pipelines, doubleOptIn };
}
