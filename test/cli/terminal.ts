// A terminal for tests: what a command wrote, and a hand on its stop signal.
import type { Environment, Streams } from '../../cli/streams.ts';

export interface Terminal {
  readonly streams: Streams;
  out(): string;
  err(): string;
  /** As ^C would. */
  stop(): void;
  /** Resolves when the output holds the text. */
  whenOut(text: string): Promise<void>;
}

export function openTerminal(env: Environment = {}): Terminal {
  const stopping = new AbortController();
  const waits: { text: string; resolve: () => void }[] = [];
  let out = '';
  let err = '';
  return {
    streams: {
      out: {
        write: (text) => {
          out += text;
          for (const wait of waits.filter((one) => out.includes(one.text))) wait.resolve();
        },
      },
      err: {
        write: (text) => {
          err += text;
        },
      },
      env,
      stop: stopping.signal,
    },
    out: () => out,
    err: () => err,
    stop: () => stopping.abort(),
    whenOut: (text) =>
      new Promise((resolve) => (out.includes(text) ? resolve() : waits.push({ text, resolve }))),
  };
}
