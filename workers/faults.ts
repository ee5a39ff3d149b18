// A step's act that throws: ours or the machine's fault, never the world's answer. It is tried again, later each time, and
// after so many attempts it is refused with the reason `fault`, for an operator to see; no other delivery waits for it.
import type { Delivery, Outcome } from '../engine/step.ts';

/** One minute, doubling to an hour: the last of eight attempts is two hours after the first. */
const firstMs = 60_000;
const longestMs = 3_600_000;
const attempts = 8;

export function judgeFault(fault: unknown, { attempt }: Delivery, now: number): Outcome {
  const why = `fault: ${fault instanceof Error ? fault.message : String(fault)}`;
  if (attempt >= attempts) return { is: 'refused', why, reason: 'fault', hard: false };
  return { is: 'later', at: now + Math.min(firstMs * 2 ** (attempt - 1), longestMs), why };
}
