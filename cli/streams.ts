// What a command is given in place of the process: where to write, the environment, and when to stop. It keeps
// every command a function from (argv, streams) to an exit code, so that a test can be its terminal.

export interface Streams {
  /** What a program may read: results. */
  readonly out: Stream;
  /** What a person reads: progress, complaints, the log. */
  readonly err: Stream;
  readonly env: Environment;
  /** Aborted by SIGTERM or SIGINT: finish what is in hand, close, go. */
  readonly stop: AbortSignal;
}

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of a terminal, in letters. */
  readonly columns?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** 0 fine, 1 problems found, 2 usage, 3 fault. */
export type ExitCode = 0 | 1 | 2 | 3;

/** An error whose message is all that its reader needs: printed as it stands, without a stack. */
export interface Complaint extends Error {
  readonly exitCode: ExitCode;
}

export function complaint(exitCode: ExitCode, message: string): Complaint {
  return Object.assign(new Error(message), { exitCode });
}

export function isComplaint(error: unknown): error is Complaint {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
}

/** Resolves when the stop signal is given. */
export function whenStopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}
