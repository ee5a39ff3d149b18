// Token buckets in memory, one per name: an API key, or a stranger's address. A taker may go into debt once, so that
// a batch larger than what is left is served whole and paid for afterwards; until then the next is told how long to
// wait. Bounded: a flood of names cannot grow it past its cap.

export interface Rate {
  readonly perSecond: number;
  /** How much may be taken at once after a rest. */
  readonly burst: number;
}

export interface Buckets {
  /** 0: taken. Otherwise nothing is taken, and this many milliseconds from now it may be tried again. */
  take(name: string, amount?: number): number;
}

const MAX_NAMES = 10_000;

/** `ticks` are monotonic milliseconds. */
export function createBuckets(rate: Rate, ticks: () => number): Buckets {
  const buckets = new Map<string, { left: number; at: number }>();
  const levelOf = (bucket: { left: number; at: number }, now: number) =>
    Math.min(rate.burst, bucket.left + ((now - bucket.at) / 1000) * rate.perSecond);

  const forgetFull = (now: number) => {
    for (const [name, bucket] of buckets) if (levelOf(bucket, now) >= rate.burst) buckets.delete(name);
    // All of them in use: the longest untouched go, which for them is a fresh start.
    for (const name of buckets.keys()) {
      if (buckets.size < MAX_NAMES) return;
      buckets.delete(name);
    }
  };

  return {
    take(name, amount = 1) {
      const now = ticks();
      const known = buckets.get(name);
      const level = known === undefined ? rate.burst : levelOf(known, now);
      if (level <= 0) return Math.ceil(((1 - level) / rate.perSecond) * 1000);
      if (known === undefined && buckets.size >= MAX_NAMES) forgetFull(now);
      buckets.delete(name);
      buckets.set(name, { left: level - amount, at: now });
      return 0;
    },
  };
}
