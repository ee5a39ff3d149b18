// Work that is looked after every so often, one round after the other, as long as the process lives. A round that fails is
// said once and tried again; closing waits for the one under way.
import type { Logger } from 'pino';
import { watchOutage } from './outage.ts';

export interface Rounds {
  close(): Promise<void>;
}

interface RoundsDeps {
  readonly log: Logger;
  readonly everyMs: number;
  /** What fails, and what comes of it, in the words of the log. */
  readonly what: string;
  readonly remedy: string;
}

/** The first round begins at once, each next one `everyMs` after the end of the one before. */
export function startRounds({ log, everyMs, what, remedy }: RoundsDeps, act: () => Promise<unknown>): Rounds {
  const outage = watchOutage(log, what, remedy);
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  async function round(): Promise<void> {
    try {
      await act();
      outage.works();
    } catch (error) {
      outage.fails(error);
    }
    if (!isClosed) timer = setTimeout(begin, everyMs);
  }
  function begin(): void {
    current = round();
  }
  begin();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await current;
    },
  };
}
