// One flush at a time; what gathers meanwhile goes in the next. So a busy worker writes dozens of rows for one wait on
// the disk, and an idle one writes a single row at once. What would break it: a flush that never settles.

/** `flush` answers as many as it was given, in order; where it rejects, so does each of them. */
export function openBatcher<Item, Answer>(
  flush: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  interface Waiting {
    readonly item: Item;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  let gathered: Waiting[] = [];
  let isFlushing = false;

  async function flushAll(): Promise<void> {
    isFlushing = true;
    while (gathered.length > 0) {
      const batch = gathered;
      gathered = [];
      try {
        const answers = await flush(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, n) => {
          const answer = answers[n];
          if (n < answers.length) resolve(answer as Answer);
          else reject(new Error('a flush answered fewer than it was given'));
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isFlushing = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      gathered.push({ item, resolve, reject });
      if (!isFlushing) void flushAll();
    });
}
