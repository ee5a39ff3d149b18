// The running system as the demo sees it: an address that takes events, two bells, and a ledger that says when it has
// come to rest. Nothing here reaches around the public API.
import type { Db } from '../../db/connect.ts';
import { readRest } from '../../db/rest.ts';
import type { Queues } from '../../workers/queues.ts';
import type { FastClock } from '../clock.ts';
import type { World } from './play.ts';
import type { Signal } from './signal.ts';

export interface Refused {
  readonly id: string;
  readonly path: string;
  readonly reason: string;
}

export interface PlayedWorld extends World {
  /** Events that the API turned away, in order. */
  readonly refused: readonly Refused[];
}

export interface WorldOptions {
  readonly url: string;
  readonly key: string;
  readonly db: Db;
  readonly clock: FastClock;
  readonly queues: Queues;
  /** Given by the workers whenever they have come to the end of something. */
  readonly signal: Signal;
  sweep(): Promise<unknown>;
}

/** A bell that was lost is rung again; the sweep would do so too, later. */
const ringAgainMs = 250;
const patienceMs = 60_000;

export function openWorld({ url, key, db, clock, queues, signal, sweep }: WorldOptions): PlayedWorld {
  const refused: Refused[] = [];
  return {
    clock,
    refused,
    async post(events) {
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(events),
      });
      const body = (await answer.json()) as { results?: readonly (Refused & { status: string })[] };
      if (body.results === undefined)
        throw new Error(`the API answered ${answer.status}: ${JSON.stringify(body)}`);
      refused.push(...body.results.filter((one) => one.status === 'refused'));
    },
    async rest() {
      const beganAt = performance.now();
      for (;;) {
        // Asked for before looking, so that what is done meanwhile is not missed.
        const worked = signal.next(ringAgainMs);
        const { isAtRest, contactsDue, deliveriesDue } = await readRest(db, clock.at());
        if (isAtRest) return;
        if (performance.now() - beganAt > patienceMs)
          throw new Error('the workers have not come to rest in a minute');
        if (contactsDue) void queues.ring('advance');
        if (deliveriesDue) void queues.ring('deliver');
        await worked;
      }
    },
    async sweep() {
      await sweep();
    },
    nextDueAt: async () => (await readRest(db, clock.at())).nextDueAt,
  };
}
