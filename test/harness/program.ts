// The program as it is shipped, in a process of its own: started with an environment and nothing else, stopped as an
// operator stops it. Needs the build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RunningProgram {
  readonly pid: number;
  /** What it has written so far. */
  said(): string;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Resolves once it has written something that `ready` matches. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  ready: RegExp,
): Promise<RunningProgram> {
  const program = join(process.cwd(), 'dist/cli/main.js');
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (ready.test(said)) resolve();
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`voronka ${args.join(' ')} ended with ${code ?? signal}: ${said}`)),
    );
  });
  return {
    pid: child.pid ?? 0,
    said: () => said,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await gone;
      return child.exitCode;
    },
  };
}
