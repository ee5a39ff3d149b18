// Rings and does not wait: the row is the fact, and a sweep finds what a lost ring leaves. An outage of the queue
// would otherwise hold the answer to a caller whose event is long safe.
import type { WebDeps } from './deps.ts';

export function ring(deps: WebDeps, queue: 'advance' | 'deliver'): void {
  deps.ring(queue).catch((error: unknown) => {
    deps.log.warn({ err: error, queue }, 'the doorbell did not ring; the sweep will find the work');
  });
}
