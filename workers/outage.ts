// Says once that something is down and once that it works again, however often it is tried in between. What is
// logged is the message and its code alone: a database's detail line may hold an address.
import type { Logger } from 'pino';

export interface Outage {
  /** True from the first failure to the next success. */
  isOn(): boolean;
  fails(error: unknown): void;
  works(): void;
}

/** `what` begins a sentence: "the queue", "the sweep"; `meanwhile` says what happens until it is back. */
export function watchOutage(log: Logger, what: string, meanwhile: string): Outage {
  let failures = 0;
  return {
    isOn: () => failures > 0,
    fails(error) {
      if (failures++ === 0) log.warn(describe(error), `${what} fails; ${meanwhile}`);
    },
    works() {
      if (failures > 0) log.info({ failures }, `${what} works again`);
      failures = 0;
    },
  };
}

/** What may stand in a log of an error: never its detail or its stack of values. */
export function describe(error: unknown): { readonly error: string; readonly code?: string } {
  if (!(error instanceof Error)) return { error: String(error) };
  // An AggregateError (several addresses of one host refused) says nothing itself.
  const first = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  const { message, code } = first as Error & { readonly code?: unknown };
  return typeof code === 'string' ? { error: message, code } : { error: message };
}
