// A sliding window: at most so many at a time, the next begins when any has ended. It outlives the rings that feed it: one
// slow server does not keep the other places from taking what comes next.

export interface Window {
  /** Resolves once the work has begun; `work` never rejects. */
  enter(work: () => Promise<void>): Promise<void>;
  /** Resolves once nothing is under way and nobody waits to enter. */
  isIdle(): Promise<void>;
}

export function openWindow(places: number): Window {
  let underWay = 0;
  const entering: (() => void)[] = [];
  let resting: (() => void)[] = [];

  function leave(): void {
    const next = entering.shift();
    if (next) next();
    else underWay--;
    if (underWay > 0) return;
    for (const rest of resting) rest();
    resting = [];
  }

  return {
    async enter(work) {
      if (underWay < places) underWay++;
      else await new Promise<void>((resolve) => entering.push(resolve));
      void work().finally(leave);
    },
    isIdle: () => new Promise((resolve) => (underWay === 0 ? resolve() : resting.push(resolve))),
  };
}
