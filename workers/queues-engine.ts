// What of BullMQ is used here, and how: a queue that is added to, and a worker that answers one job at a time.
// The settings are those that the trials asked for: a job survives any number of crashes of its worker, nothing is
// kept when it is done, and an idle worker looks again every few seconds whatever its connection believes.

/** The part of a BullMQ Queue that a bell needs; both backends have it. */
export interface BellQueue {
  add(name: string, payload: Record<string, never>): Promise<unknown>;
  /** Removes the rings that nobody has answered yet. */
  drain(): Promise<void>;
  getWaitingCount(): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** The part of a BullMQ Worker that a listener needs. */
export interface BellWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  /** Takes no more, and waits for what it has. */
  pause(): Promise<void>;
  close(force: boolean): Promise<void>;
}

export interface Engine {
  readonly kind: 'redis' | 'postgres';
  openQueue(name: string): BellQueue;
  openWorker(name: string, answer: () => Promise<void>): BellWorker;
  /** Rejects where its server does not answer. */
  ping(): Promise<unknown>;
  close(): Promise<void>;
}

export const jobSettings = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

export const workerSettings = {
  concurrency: 1,
  // The default of 1 fails a job for good when its worker is killed twice.
  maxStalledCount: 1_000_000,
  lockDuration: 30_000,
  stalledInterval: 10_000,
  drainDelay: 5,
  // The default of 15 s is how late work resumed after an outage.
  runRetryDelay: 1_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
};
