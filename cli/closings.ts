// Who opens, registers the closing. Closes in reverse order, each once; a closing that fails does not keep the
// others open. After ten seconds it says what still holds, and gives up waiting: a process that hangs on its way
// out is worse than one that is killed, because everything here recovers from a kill.
import type { Logger } from 'pino';

export interface Closings {
  add(what: string, close: () => Promise<unknown>): void;
  /** True where everything closed cleanly in time. */
  close(): Promise<boolean>;
}

export const patienceMs = 10_000;

export function openClosings(log: Logger, patience = patienceMs): Closings {
  const open: { what: string; close: () => Promise<unknown> }[] = [];
  let closing: Promise<boolean> | null = null;
  return {
    add: (what, close) => open.push({ what, close }),
    close: () => {
      closing ??= closeAll(open, log, patience);
      return closing;
    },
  };
}

async function closeAll(
  open: { what: string; close: () => Promise<unknown> }[],
  log: Logger,
  patience: number,
): Promise<boolean> {
  let isClean = true;
  const inReverse = async () => {
    for (let last = open.at(-1); last; last = open.at(-1)) {
      await last.close().catch((error: unknown) => {
        isClean = false;
        log.error({ err: error }, `closing the ${last?.what} failed`);
      });
      open.pop();
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const outOfPatience = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  const done = await Promise.race([inReverse().then(() => true), outOfPatience]);
  clearTimeout(timer);
  if (!done)
    log.error(
      `still closing after ${patience / 1000} s: ${open
        .map((one) => one.what)
        .reverse()
        .join(', ')}`,
    );
  return done && isClean;
}
