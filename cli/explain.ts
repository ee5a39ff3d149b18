// A fault in one line that says what to do, where the machine's own words (EADDRINUSE, ECONNREFUSED) do not.
// A mistake of ours keeps its stack: that is what a report needs.
import { type ExitCode, isComplaint, type Streams } from './streams.ts';

const known: Readonly<Record<string, (error: NodeJS.ErrnoException & { port?: number }) => string>> = {
  EADDRINUSE: ({ port }) =>
    `port ${port ?? ''} is taken: stop what listens there, or choose another with PORT=3001`,
  EACCES: ({ path, port }) =>
    port === undefined
      ? `no right to use ${path ?? 'it'}`
      : `no right to listen on port ${port}: choose one above 1023 with PORT`,
  ECONNREFUSED: ({ port }) =>
    `nothing answers on port ${port ?? '?'}: check DATABASE_URL, REDIS_URL and SMTP_URL, and that the server is up`,
  ENOTFOUND: ({ message }) => `${message}: check the host name in DATABASE_URL, REDIS_URL and SMTP_URL`,
  ENOENT: ({ path }) => `${path ?? 'a file'} does not exist`,
  ENOSPC: () => 'the disk is full',
  '28P01': () => 'Postgres refuses the password in DATABASE_URL',
  '3D000': ({ message }) => `${message}: create it, or name another in DATABASE_URL`,
};

export function explain(error: unknown, streams: Streams): ExitCode {
  if (isComplaint(error)) {
    streams.err.write(`${error.message}\n`);
    return error.exitCode;
  }
  const cause = rootOf(error);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = known[code]?.(cause as NodeJS.ErrnoException) ?? inWords(error);
  streams.err.write(`voronka: ${words}\n`);
  return 3;
}

/** Rooms throw lines made for people; what the language itself throws is a mistake of ours. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError', 'AssertionError'].includes(
    error.name,
  );
  if (isOurs) return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.message}: ${inWords(error.cause)}` : error.message;
}

/** The error that started it: through causes, and through the several tries of one connection. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof Error) return rootOf(error.cause);
  return error;
}
