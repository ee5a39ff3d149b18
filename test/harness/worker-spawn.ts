// Starts worker processes from the build, and ends them: in order, or as a kill does.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { WorkerSettings } from './worker-process.ts';

interface Farewell {
  readonly rss: number;
  readonly cpu: NodeJS.CpuUsage;
  /** How often MJML ran in it. */
  readonly compiles: number;
}

export interface SpawnedWorker {
  /** SIGKILL; resolves once it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers what it said of itself at the end. */
  stop(): Promise<Farewell>;
  /** Resolves once it is gone, however that came about. */
  readonly gone: Promise<void>;
}

const program = join(process.cwd(), 'dist/test/harness/worker-process.js');

/** Resolves once its listeners are open. `nodeArgs`: as --cpu-prof. */
export async function spawnWorker(
  settings: WorkerSettings,
  nodeArgs: readonly string[] = [],
): Promise<SpawnedWorker> {
  const child = spawn(process.execPath, [...nodeArgs, program, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit').then(() => undefined);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      resolve();
    });
    child.once('exit', (code, signal) => reject(new Error(`the worker ended with ${code ?? signal}`)));
  });
  const end = async (signal: NodeJS.Signals) => {
    if (isAlive(child)) child.kill(signal);
    await gone;
  };
  return {
    gone,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      return JSON.parse(lines.at(-1) ?? '{}');
    },
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
