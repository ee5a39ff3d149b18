// Keeps the leases of what this process holds, so that a slow server is not taken for a dead worker. A lease is only
// kept while the process can reach the ledger; one that cannot is rightly taken for dead. What is held past its lease
// loses nothing: the fence in the ledger stops it from sending.
import type { Held } from '../db/deliveries.ts';
import type { Outage } from './outage.ts';

export interface Leases {
  hold(one: Held): void;
  /** False once the same delivery is held anew, under another token: the older hold is void. */
  isHeld(one: Held): boolean;
  letGo(one: Held): void;
  close(): void;
}

/** `renew` is asked for all that is held, three times within a lease. */
export function keepLeases(
  renew: (holds: readonly Held[]) => Promise<unknown>,
  leaseMs: number,
  outage: Outage,
): Leases {
  const held = new Map<string, Held>();
  const timer = setInterval(() => {
    if (held.size > 0) void renew([...held.values()]).catch(outage.fails);
  }, leaseMs / 3).unref();
  const isHeld = ({ id, token }: Held) => held.get(id)?.token === token;
  return {
    hold: (one) => void held.set(one.id, one),
    isHeld,
    letGo: (one) => void (isHeld(one) && held.delete(one.id)),
    close: () => clearInterval(timer),
  };
}
