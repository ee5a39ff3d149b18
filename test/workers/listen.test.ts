// The canary, with a worker in hand that can be deaf.
import { expect, it } from 'vitest';
import type { BellQueue, BellWorker } from '../../workers/queues-engine.ts';
import { startListening } from '../../workers/queues-listen.ts';
import { recordLog } from '../harness/log.ts';
import { openSignal } from '../harness/signal.ts';

function queueWith(waiting: number): BellQueue {
  return {
    add: async () => undefined,
    drain: async () => undefined,
    getWaitingCount: async () => waiting,
    on: () => undefined,
    close: async () => undefined,
  };
}

function workerInHand() {
  const opened = openSignal();
  const closed = openSignal();
  const open = (_name: string, _answer: () => Promise<void>): BellWorker => {
    opened.raise();
    return { on: () => undefined, pause: async () => undefined, close: async () => closed.raise() };
  };
  return { open, opened, closed };
}

const canaryMs = 2;

it('a worker that leaves rings unanswered is built anew, and that is said', async () => {
  const { log, warnings } = recordLog();
  const { open, opened, closed } = workerInHand();
  const work = async () => undefined;
  const listener = startListening({ name: 'deliver', queue: queueWith(1), open, work, log, canaryMs });
  await opened.reaches(2);
  await closed.reaches(1);
  expect(warnings()[0]).toBe('rings of deliver wait and nobody answers: the worker is built anew');
  await listener.close();
});

it('a worker without rings is left alone', async () => {
  const { log, warnings } = recordLog();
  const { open, opened } = workerInHand();
  const asked = openSignal();
  const queue = {
    ...queueWith(0),
    getWaitingCount: async () => {
      asked.raise();
      return 0;
    },
  };
  const listener = startListening({
    name: 'deliver',
    queue,
    open,
    work: async () => undefined,
    log,
    canaryMs,
  });
  await asked.reaches(5);
  expect(opened.count).toBe(1);
  expect(warnings()).toEqual([]);
  await listener.close();
});

it('a queue that cannot be asked is not taken for a deaf worker', async () => {
  const { log } = recordLog();
  const { open, opened } = workerInHand();
  const asked = openSignal();
  const queue = {
    ...queueWith(0),
    getWaitingCount: async () => {
      asked.raise();
      throw new Error('down');
    },
  };
  const listener = startListening({
    name: 'deliver',
    queue,
    open,
    work: async () => undefined,
    log,
    canaryMs,
  });
  await asked.reaches(5);
  expect(opened.count).toBe(1);
  await listener.close();
});
