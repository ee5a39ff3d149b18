// A fault in one line that says what to do, where the machine's own words (EADDRINUSE, ECONNREFUSED) do not.
// A mistake of ours keeps its stack: that is what a report needs.
import { type Environment, type ExitCode, isComplaint, type Streams } from './streams.ts';

type Failure = NodeJS.ErrnoException & {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
};

const known: Readonly<Record<string, (error: Failure, env: Environment) => string>> = {
  EADDRINUSE: ({ port }) =>
    `port ${port ?? ''} is taken: stop what listens there, or choose another with PORT=3001`,
  EACCES: ({ path, port }) =>
    port === undefined
      ? `no right to use ${path ?? 'it'}`
      : `no right to listen on port ${port}: choose one above 1023 with PORT`,
  ECONNREFUSED: ({ port }, env) =>
    `nothing answers on port ${port ?? '?'}: check ${settingOf(env, ({ port: own, usual }) => Number(own || usual) === port)}, and that the server is up`,
  ENOTFOUND: ({ message, hostname }, env) =>
    `${message}: check the host name in ${settingOf(env, (one) => one.hostname === hostname)}`,
  ENOENT: ({ path }) => `${path ?? 'a file'} does not exist`,
  ENOSPC: () => 'the disk is full',
  '28P01': () => 'Postgres refuses the password in DATABASE_URL',
  '3D000': ({ message }) => `${message}: create it, or name another in DATABASE_URL`,
};

/** The servers' variables, and the port where the address names none. */
const servers = { DATABASE_URL: '5432', REDIS_URL: '6379', SMTP_URL: '587' };

/** Which variable the failure is about; all of them where that cannot be told. */
function settingOf(env: Environment, isMeant: (url: Place) => boolean): string {
  const meant = Object.entries(servers).filter(([name, usual]) => {
    const text = env[name] ?? '';
    if (!URL.canParse(text)) return false;
    const { hostname, port } = new URL(text);
    return isMeant({ hostname, port, usual });
  });
  return meant.length === 1 && meant[0] ? meant[0][0] : 'DATABASE_URL, REDIS_URL and SMTP_URL';
}

interface Place {
  readonly hostname: string;
  readonly port: string;
  readonly usual: string;
}

export function explain(error: unknown, streams: Streams): ExitCode {
  if (isComplaint(error)) {
    streams.err.write(`${error.message}\n`);
    return error.exitCode;
  }
  const cause = rootOf(error);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = known[code]?.(cause as Failure, streams.env) ?? inWords(error);
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
