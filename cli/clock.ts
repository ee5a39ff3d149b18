// The fast clock: time that moves only when it is told to, forwards alone. Everything below takes it in place of
// the database's, which is why sixty days of waiting take seconds and are the same sixty days.

/** A `Clock` (db/connect.ts) with a hand to move it. */
export interface FastClock {
  now(): Promise<number>;
  at(): number;
  /** Moves on to an instant; one that has passed changes nothing. */
  moveTo(at: number): void;
  /** From now on it goes as fast as `elapsed` does, which counts milliseconds from anywhere. */
  runOn(elapsed: () => number): void;
}

export function openFastClock(startAt: number): FastClock {
  let time = startAt;
  let ran = () => 0;
  const at = () => time + ran();
  return {
    now: async () => at(),
    at,
    moveTo: (instant) => {
      time = Math.max(time, instant);
    },
    runOn: (elapsed) => {
      const from = elapsed();
      ran = () => Math.floor(elapsed() - from);
    },
  };
}
