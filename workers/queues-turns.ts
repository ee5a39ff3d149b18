// Answering rings, one at a time: the next turn begins when the last has ended, whoever asks for it. Rings that piled
// up behind long work are cleared before the next one, never after it: what was rung before a turn begins is seen by
// what that turn claims.

export interface Turns {
  /** Runs the work, after any turn that is under way; rejects as it does. Nothing once closed. */
  answer(): Promise<void>;
  isBusy(): boolean;
  /** How many were asked for, ever. */
  answered(): number;
  /** Resolves when the turn under way has ended; none begins after it. */
  close(): Promise<void>;
}

/** After work this long there is a pile worth clearing. */
const longWorkMs = 100;

export function takeTurns(work: () => Promise<void>, clearPile: () => Promise<void>): Turns {
  let answered = 0;
  let lastWorkMs = 0;
  let isClosed = false;
  let current: Promise<void> | null = null;
  /** Whoever waits for the end of a turn does not care how it ended; whoever asked for it does. */
  const ended = async () => {
    while (current !== null) await current.catch(() => undefined);
  };

  async function answer(): Promise<void> {
    answered++;
    await ended();
    if (isClosed) return;
    const startedAt = performance.now();
    current = (lastWorkMs > longWorkMs ? clearPile() : Promise.resolve()).then(work);
    try {
      await current;
    } finally {
      current = null;
      lastWorkMs = performance.now() - startedAt;
    }
  }

  return {
    answer,
    isBusy: () => current !== null,
    answered: () => answered,
    close() {
      isClosed = true;
      return ended();
    },
  };
}
