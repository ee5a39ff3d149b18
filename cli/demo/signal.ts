// A signal that one side gives and the other waits for, with a bound: whoever waits looks again in any case.

export interface Signal {
  give(): void;
  /** Resolves at the next signal, and after `patienceMs` without one. */
  next(patienceMs: number): Promise<void>;
}

export function openSignal(): Signal {
  let waiting: (() => void)[] = [];
  return {
    give() {
      const waited = waiting;
      waiting = [];
      for (const resolve of waited) resolve();
    },
    next: (patienceMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
