// One doorbell: many rings, few strokes. A ring that comes while a stroke is under way, or within the gap after it,
// is served by one stroke that begins later, so that none is ever swallowed: what was written before a ring is
// seen by whoever answers the stroke. What would break it: sharing a stroke that had already begun.

/** `strike` never rejects. The promise of a ring resolves once a stroke that began after it is over. */
export function openBell(strike: () => Promise<void>, gapMs: number): () => Promise<void> {
  let waiting: (() => void)[] = [];
  let isRinging = false;

  async function ringOut(): Promise<void> {
    isRinging = true;
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      await strike();
      for (const done of served) done();
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    isRinging = false;
  }

  return () =>
    new Promise<void>((done) => {
      waiting.push(done);
      if (!isRinging) void ringOut();
    });
}
