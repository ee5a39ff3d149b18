// What the bell missed: every interval it rings for contacts and deliveries that are due, and rescues what a worker
// that died still held. It is the only thing here that runs by a timer, so emptying Redis costs one interval. While
// Postgres is down it says so once and keeps trying.
import type { Logger } from 'pino';
import type { QueueName } from './queues.ts';
import { type Rounds, startRounds } from './rounds.ts';

export interface SweepDeps {
  readonly log: Logger;
  readonly everyMs: number;
  ring(name: QueueName): Promise<void>;
  /** What is to be rung for, after what was left behind was rescued. */
  look(): Promise<Found>;
}
export interface Found {
  readonly contactsDue: boolean;
  readonly deliveriesDue: boolean;
  /** Expired leases: given back because they had surely not left, and those of which nobody knows. */
  readonly requeued: number;
  readonly unknown: number;
  /** Put aside, because worker after worker died with them. */
  readonly refused: number;
}

export async function sweepOnce({ look, ring, log }: SweepDeps): Promise<Found> {
  const found = await look();
  if (found.requeued > 0)
    log.info({ requeued: found.requeued }, 'deliveries of a worker that died are queued again');
  if (found.unknown > 0)
    log.warn(
      { unknown: found.unknown },
      'deliveries were leaving when their worker died: see the unknown list',
    );
  if (found.refused > 0)
    log.error(
      { refused: found.refused },
      'deliveries are refused: worker after worker died with them in hand; their rows say so',
    );
  const rung: QueueName[] = [];
  if (found.contactsDue) rung.push('advance');
  if (found.deliveriesDue) rung.push('deliver');
  await Promise.all(rung.map(ring));
  return found;
}

export function startSweep(deps: SweepDeps): Rounds {
  return startRounds({ ...deps, what: 'the sweep', remedy: 'it keeps trying' }, () => sweepOnce(deps));
}
