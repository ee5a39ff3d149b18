// A batch of contacts, and what to do where the ledger refuses it for something that one of them carries: each of them
// alone, so that all others pass, and who is refused alone is parked with the reason. Workers and `apply` share it.
// What would break it: a fault of the server that is taken for one of the contents; whoever is at hand would be parked.
import type { Parking } from '../db/agenda.ts';

/** Is told who is in the batch, before anything is written. */
export type Hold = (contactIds: readonly string[]) => void;

export interface Ways<T> {
  /** One transaction over at most so many contacts. */
  take(limit: number, hold: Hold): Promise<T>;
  /** In a transaction of its own: that of the batch is gone. */
  park(parkings: readonly Parking[]): Promise<T>;
  add(a: T, b: T): T;
}

export async function takeOrSingly<T>(limit: number, ways: Ways<T>): Promise<T> {
  let held: readonly string[] = [];
  try {
    return await ways.take(limit, (contactIds) => {
      held = contactIds;
    });
  } catch (fault) {
    if (!isOfContents(fault) || held.length === 0) throw fault;
    const [only] = held;
    if (held.length === 1 && only !== undefined)
      return await ways.park([{ contactId: only, why: reasonOf(fault) }]);
    let sum: T = await takeOrSingly(1, ways);
    for (let left = held.length - 1; left > 0; left--) sum = ways.add(sum, await takeOrSingly(1, ways));
    return sum;
  }
}

/** Data that the ledger cannot hold (class 22), a rule that it breaks (23), a limit (54): the contact's, not the server's. */
function isOfContents(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && /^(22|23|54)/.test(String(fault.code));
}

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1_000).replace(/[\0\p{Cs}]/gu, '');
}
