// A program of the bench in a process of its own, which speaks in JSON lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Child<Said> {
  /** What it said first. */
  readonly first: Said;
  /** Writes a line, and answers with the next that it says. */
  ask(line: string): Promise<Said>;
  /** Ends it in order; answers with the last that it said. */
  stop(): Promise<Said>;
}

export async function startChild<Said>(
  program: string,
  settings: object,
  nodeArgs: readonly string[] = [],
): Promise<Child<Said>> {
  const file = join(import.meta.dirname, `${program}.js`);
  const child = spawn(process.execPath, [...nodeArgs, file, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const said: Said[] = [];
  let heard: (() => void) | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line));
    heard?.();
  });
  const next = async (count: number): Promise<Said> => {
    while (said.length < count) {
      const hears = new Promise<void>((resolve) => {
        heard = resolve;
      });
      await Promise.race([hears, gone]);
      if (said.length < count && child.exitCode !== null)
        throw new Error(`${program} ended with ${child.exitCode}`);
    }
    return said[count - 1] as Said;
  };
  const first = await next(1);
  return {
    first,
    ask(line) {
      const count = said.length + 1;
      child.stdin.write(`${line}\n`);
      return next(count);
    },
    async stop() {
      child.kill('SIGTERM');
      child.stdin.end();
      await gone;
      return said.at(-1) as Said;
    },
  };
}
