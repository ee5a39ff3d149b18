// A listener: one BullMQ worker that answers rings, and a canary beside it. A worker that never resumes has been a bug
// more than once (6.7: for good, when its blocking connection drops before it was ready), so what counts is that
// rings are answered: where they are not, it says so and builds its worker anew. Old and new take turns.
import type { Logger } from 'pino';
import { describe, watchOutage } from './outage.ts';
import { watchCanary } from './queues-canary.ts';
import type { BellQueue, BellWorker, Engine } from './queues-engine.ts';
import { takeTurns } from './queues-turns.ts';
import { settlesWithin } from './within.ts';

export interface Listener {
  /** Lets the work that is under way finish, takes no more, and closes. */
  close(): Promise<void>;
}

interface ListenOptions {
  readonly name: string;
  readonly queue: BellQueue;
  readonly open: Engine['openWorker'];
  readonly log: Logger;
  readonly canaryMs: number;
  work(): Promise<void>;
}

const closePatienceMs = 1_500;

export function startListening({ name, queue, open, log, canaryMs, work }: ListenOptions): Listener {
  const outage = watchOutage(log, `the worker of ${name}`, 'the sweep rings again');
  const turns = takeTurns(work, () =>
    queue.drain().catch((error) => log.debug(describe(error), `the rings of ${name} stay piled up`)),
  );
  let worker = build();
  let closing: Promise<void> | null = null;

  function build(): BellWorker {
    const mine = open(name, () => turns.answer().then(outage.works));
    mine.on('failed', (_job, error) => outage.fails(error));
    // Connections that drop and return are BullMQ's own affair; what matters is whether rings are answered.
    mine.on('error', (error) => log.debug(describe(error), `the worker of ${name} reports`));
    return mine;
  }

  /** Pausing lets BullMQ report what was answered; only a forced close is sure to end without its server. */
  async function discard(old: BellWorker, isDeaf: boolean): Promise<void> {
    try {
      if (!isDeaf) await settlesWithin(closePatienceMs, old.pause());
      await settlesWithin(closePatienceMs, old.close(true));
    } catch (error) {
      log.debug(describe(error), `the worker of ${name} closes with an error`);
    }
  }

  const canary = watchCanary({
    everyMs: canaryMs,
    isBusy: turns.isBusy,
    answered: turns.answered,
    waiting: () => queue.getWaitingCount(),
    onSilence() {
      log.warn(`rings of ${name} wait and nobody answers: the worker is built anew`);
      void discard(worker, true);
      worker = build();
    },
  });

  async function closeOnce(): Promise<void> {
    clearInterval(canary);
    await turns.close();
    await discard(worker, false);
  }
  return {
    close() {
      closing ??= closeOnce();
      return closing;
    },
  };
}
