// The shape of a command: a summary, an example for --help, its options, and a function from options and streams
// to an exit code. `main` knows commands by this shape alone.
import type { Command as Commander } from 'commander';
import type { ExitCode, Streams } from './streams.ts';

export interface Command<O = unknown> {
  readonly summary: string;
  readonly example: string;
  /** Adds arguments and options. */
  readonly options?: (command: Commander) => Commander;
  readonly run?: (options: O, args: readonly string[], streams: Streams) => Promise<ExitCode>;
  /** A command of commands (`key create`) has these instead of `run`. */
  readonly commands?: Readonly<Record<string, Command>>;
}

/** Keeps the options' type between `options` and `run`. */
export function defineCommand<O>(command: Command<O>): Command {
  return command as unknown as Command;
}
