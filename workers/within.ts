// Bounded waiting: nothing in a worker waits for a connection for longer than it said. A promise that comes late is
// left to itself; its rejection is never an unhandled one.

/** Resolves true when `promise` settled well within `ms`, false when it was late; rejects when it did in time. */
export async function settlesWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
}
