// Opens the things that commands work with, in order, each with its closing; the only place that knows pino.
// Nothing personal is logged: rooms log ids, and what still looks like a person or a secret is cut out here.

import type { Logger } from 'pino';
import { pino } from 'pino';
import { type Closings, openClosings } from './closings.ts';
import type { Config } from './config.ts';
import { toOneLine } from './log.ts';
import type { ExitCode, Streams } from './streams.ts';

const personal = [
  'email',
  'to',
  'address',
  'first_name',
  'last_name',
  'authorization',
  'password',
  'secret',
  'url',
];

function openLog(level: string, streams: Streams): Logger {
  const write = streams.err.isTTY
    ? (line: string) => streams.err.write(toOneLine(line))
    : (line: string) => streams.err.write(line);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: personal.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[cut]' },
    },
    { write },
  );
}

/** What `withDeps` hands to its body. */
export interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly closings: Closings;
  readonly streams: Streams;
}

/** Runs the body and closes all that it opened, whatever happens. A closing that failed is a fault (3). */
export async function withDeps(
  config: Config,
  streams: Streams,
  body: (deps: Deps) => Promise<ExitCode>,
): Promise<ExitCode> {
  const log = openLog(config.logLevel, streams);
  const closings = openClosings(log);
  let code: ExitCode = 3;
  try {
    code = await body({ config, log, closings, streams });
  } finally {
    if (!(await closings.close()) && code === 0) code = 3;
  }
  return code;
}
