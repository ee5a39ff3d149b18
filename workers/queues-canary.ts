// Notices a worker that is deaf: rings wait, none was answered since the last look, and nothing is being done, twice in
// a row. It asks the queue only while its listener is idle, and takes a queue that cannot be asked for down, not deaf.

interface Canary {
  readonly everyMs: number;
  isBusy(): boolean;
  answered(): number;
  waiting(): Promise<number>;
  onSilence(): void;
}

/** Runs until the timer is cleared; does not keep the process alive. */
export function watchCanary({ everyMs, isBusy, answered, waiting, onSilence }: Canary): NodeJS.Timeout {
  let answeredBefore = 0;
  let silent = 0;
  const isIdle = () => !isBusy() && answered() === answeredBefore;
  async function look(): Promise<void> {
    const isSilent = isIdle() && (await waiting()) > 0;
    silent = isSilent && isIdle() ? silent + 1 : 0;
    answeredBefore = answered();
    if (silent < 2) return;
    silent = 0;
    onSilence();
  }
  return setInterval(() => void look().catch(() => undefined), everyMs).unref();
}
