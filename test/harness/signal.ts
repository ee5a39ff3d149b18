// Waiting for something to have happened, without sleeping: a count that others raise and a test waits upon.

export interface Signal {
  readonly count: number;
  raise(): void;
  /** Resolves once the count has reached `n`. */
  reaches(n: number): Promise<void>;
}

export function openSignal(): Signal {
  let count = 0;
  let waiting: { readonly n: number; readonly done: () => void }[] = [];
  return {
    get count() {
      return count;
    },
    raise() {
      count++;
      for (const { n, done } of waiting) if (count >= n) done();
      waiting = waiting.filter(({ n }) => n > count);
    },
    reaches: (n) =>
      new Promise((done) => {
        if (count >= n) done();
        else waiting.push({ n, done });
      }),
  };
}
