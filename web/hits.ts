// Hits on their way to the ledger: gathered in memory and written a batch at a time, so that the redirect waits for no
// disk. Promises: bounded; nothing is lost while the ledger is away for a moment, or when the server closes; one mail that
// is asked for without end stops counting. Breaks if a hit is ever more than a measurement: a kill loses the last few.
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type NewHit, writeHits } from '../db/hits.ts';
import type { WebDeps } from './deps.ts';
import { createBuckets } from './rate.ts';

export interface HitBook {
  note(hit: Omit<NewHit, 'at'>): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

const mostWaiting = 20_000;
const batch = 1_000;
const pauseMs = 100;
/** A gateway fetches every link of a mail some dozens of times; what comes after that says nothing new. */
const perMail = { perSecond: 1, burst: 300 };

export function openHitBook({ db, clock, ticks, log }: WebDeps): HitBook {
  const buckets = createBuckets(perMail, ticks);
  let waiting: { readonly hit: Omit<NewHit, 'at'>; readonly tick: number }[] = [];
  let writing: Promise<void> | null = null;
  let isClosed = false;

  async function writeSome(): Promise<boolean> {
    const taken = waiting.slice(0, batch);
    const tick = ticks();
    const now = await clock.now();
    await writeHits(
      db,
      taken.map((one) => ({ ...one.hit, at: now - Math.max(0, tick - one.tick) })),
    );
    waiting = waiting.slice(taken.length);
    return waiting.length > 0;
  }

  async function writeAll(): Promise<void> {
    await wait(pauseMs);
    for (let isMore = true; isMore; ) isMore = await tryTo(writeSome, log, () => isClosed);
    writing = null;
  }

  return {
    note(hit) {
      if (waiting.length >= mostWaiting || buckets.take(hit.deliveryId) > 0) return;
      waiting.push({ hit, tick: ticks() });
      writing ??= writeAll();
    },
    async close() {
      isClosed = true;
      await writing;
    },
  };
}

/** A ledger that is away is asked again after a second; at the end, no more. */
async function tryTo(act: () => Promise<boolean>, log: Logger, isClosed: () => boolean): Promise<boolean> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    log.warn({ code: 'code' in error ? error.code : error.name }, 'hits could not be written; they are kept');
    if (isClosed()) return false;
    await wait(1_000);
    return true;
  }
}
