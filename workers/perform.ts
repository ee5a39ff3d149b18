// Stop 10 of the path: one claimed delivery, performed by the step that asked for it. Never rejects: a fault is an outcome
// too, counted and at last refused; and one of the ledger's, at the gate, only gives the delivery back.
import type { Logger } from 'pino';
import type { Settlement } from '../db/settle.ts';
import { type Opening, opensAt } from '../engine/leaving.ts';
import type { Delivery, Facts, Step } from '../engine/step.ts';
import { judgeFault } from './faults.ts';
import { type Applied, createIo, type Post } from './io.ts';
import type { Work } from './work.ts';

export interface Performing extends Applied {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly now: number;
  /** Marks the delivery as leaving, durably; false: it may not leave any more. */
  commit(): Promise<boolean>;
}

interface Performer {
  readonly steps: readonly Step[];
  readonly post: Post;
  readonly work: Work;
  readonly log: Logger;
}

export async function perform(
  { steps, post, work, log }: Performer,
  { commit, ...performing }: Performing,
): Promise<Settlement['outcome']> {
  const { delivery, now } = performing;
  let isLedgerLost = false;
  let mayHaveLeft = false;
  const gate = async () => {
    try {
      mayHaveLeft = await commit();
      return mayHaveLeft;
    } catch (error) {
      isLedgerLost = true;
      throw error;
    }
  };
  try {
    const { at, why } = opensFor(performing);
    if (why !== null) return { is: 'waits', at, why };
    const act = actOf(steps, delivery);
    return await act(delivery, createIo(post, { ...performing, work, gate }));
  } catch (fault) {
    // Surely unsent: the dot waits for the gate.
    if (isLedgerLost) return { is: 'released' };
    if (mayHaveLeft) {
      log.error({ deliveryId: delivery.id }, 'a delivery failed after it was let go: it is unknown');
      return { is: 'unknown', why: `a fault after it was let go: ${String(fault)}` };
    }
    const outcome = judgeFault(fault, delivery, now);
    log.error({ deliveryId: delivery.id, is: outcome.is }, 'a delivery failed by a fault: see its row');
    return outcome;
  }
}

/** A mail that was put off must not leave at night either: its window is asked again here, with the policy of now. */
function opensFor({ delivery, facts, now, reckon }: Omit<Performing, 'commit'>): Opening {
  const { payload, topic } = delivery;
  const said = typeof payload === 'object' && payload !== null && 'window' in payload ? payload.window : null;
  const window = typeof said === 'string' ? said : null;
  const { held_since: since, held_until: until, ...contact } = facts.contact;
  // What was queued together with the task, a letter that announces the call, is not held by it.
  const isHeld = typeof since === 'number' && delivery.createdAt < since;
  const asked = { ...facts, contact: isHeld ? { ...contact, held_until: until ?? null } : contact };
  return opensAt(now, { topic, window }, asked, reckon(facts));
}

function actOf(steps: readonly Step[], { verb }: Delivery): NonNullable<Step['perform']> {
  const step = steps.find((one) => one.verb === verb);
  if (!step?.perform) throw new Error(`this program has no step \`${verb}\` that can be performed`);
  return step.perform.bind(step);
}
