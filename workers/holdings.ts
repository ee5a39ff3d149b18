// The deliveries that this process holds: claimed under a token, their leases kept, committed and settled in batches, let
// go of once the ledger has taken what came of them.
import type { Logger } from 'pino';
import type { Clock } from '../db/connect.ts';
import type { Held, Leaving } from '../db/deliveries.ts';
import type { Settlement } from '../db/settle.ts';
import type { SendingRules } from '../engine/sending.ts';
import type { Delivery, Facts } from '../engine/step.ts';
import { openBatcher } from './batcher.ts';
import { keepLeases } from './leases.ts';
import { watchOutage } from './outage.ts';
import { openSettler } from './settle.ts';

/** A delivery that this process holds by its token, with what composing needs. */
export interface Claimed {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly token: string;
  /** Of the address that it goes to: the contact's may change meanwhile. */
  readonly addressHash: Buffer | null;
}

/** What delivering asks of the ledger. */
export interface DeliveryLedger {
  claim(now: number, limit: number, rules?: SendingRules): Promise<readonly Claimed[]>;
  /** sending to committing, durably; the ids for which all that could forbid it was in order. */
  commit(held: readonly Leaving[]): Promise<ReadonlySet<string>>;
  settle(settlements: readonly Settlement[], now: number): Promise<unknown>;
  renew(held: readonly Held[]): Promise<unknown>;
  readonly leaseMs: number;
}

export interface Holdings {
  claim(now: number, limit: number, rules?: SendingRules): Promise<readonly Claimed[]>;
  /** True once it is written that this one is leaving, and nothing forbids it. */
  commit(one: Claimed): Promise<boolean>;
  /** Settles it in the background, and until that is done keeps its lease. */
  conclude(one: Claimed, outcome: Settlement['outcome']): void;
  /** Resolves once all that was concluded is settled. */
  isSettled(): Promise<void>;
  close(): void;
}

const heldOf = ({ delivery: { id }, token, addressHash }: Claimed): Leaving => ({ id, token, addressHash });

/** Said in the payload by the step that stands and waits. */
function isAwaited({ payload }: Delivery): boolean {
  return typeof payload === 'object' && payload !== null && 'awaited' in payload;
}

interface HoldingsDeps {
  readonly ledger: DeliveryLedger;
  readonly clock: Clock;
  readonly log: Logger;
}

export function openHoldings({ ledger, clock, log }: HoldingsDeps): Holdings {
  const outage = watchOutage(log, 'settling deliveries', 'they are held and tried again');
  const leases = keepLeases(ledger.renew, ledger.leaseMs, outage);
  const commit = openBatcher(async (held: readonly Leaving[]) => {
    // A lease that ran out while the process slept may have brought the same delivery back under a new token: the
    // ledger answers by id, so only the newer hold may ask.
    const live = held.filter(leases.isHeld);
    const allowed = live.length === 0 ? new Set() : await ledger.commit(live);
    return held.map((one) => live.includes(one) && allowed.has(one.id));
  });
  const settle = openSettler(async (batch) => ledger.settle(batch, await clock.now()), outage);
  const settling = new Set<Promise<void>>();
  return {
    async claim(now, limit, rules) {
      const claimed = await ledger.claim(now, limit, rules);
      for (const one of claimed) leases.hold(heldOf(one));
      return claimed;
    },
    commit: (one) => commit(heldOf(one)),
    conclude(one, outcome) {
      const held: Held = { id: one.delivery.id, token: one.token };
      // Void holds were never let through the fence: nothing left, and the row is the newer hold's to settle.
      if (!leases.isHeld(held)) return;
      const done = settle({ ...held, outcome, isAwaited: isAwaited(one.delivery) }).finally(() => {
        leases.letGo(held);
        settling.delete(done);
      });
      settling.add(done);
    },
    isSettled: async () => void (await Promise.all(settling)),
    close: leases.close,
  };
}
