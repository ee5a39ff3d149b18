// Starts a sink in its own process and talks to it. Needs the build: workers that a trial kills run from dist/ as well.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Accepted } from './sink-record.ts';
import type { Rule } from './sink-rules.ts';

export interface SpawnedSink {
  readonly port: number;
  readonly url: string;
  use(...rules: Rule[]): Promise<void>;
  reply(afterMs: number): Promise<void>;
  count(): Promise<number>;
  /** From the nth on. */
  accepted(from?: number): Promise<readonly Accepted[]>;
  until(count: number): Promise<void>;
  hangUp(): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly port?: number;
  readonly count: number;
  readonly accepted: readonly Accepted[];
}

export async function spawnSink(options: { replyMs?: number; isLight?: boolean } = {}): Promise<SpawnedSink> {
  const root = join(import.meta.dirname, '..', '..');
  const built = [
    join(root, 'dist/test/harness/sink-process.js'),
    join(import.meta.dirname, 'sink-process.js'),
  ];
  const program = built.find((path) => existsSync(path));
  if (program === undefined) throw new Error('The sink is not built: npm run build');
  const args = ['--reply-ms', String(options.replyMs ?? 0), ...(options.isLight === true ? ['--light'] : [])];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (answer: Answer) => void>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The sink ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer: Answer = JSON.parse(line);
      if (answer.port !== undefined) resolve(answer.port);
      else waiting.get(answer.id ?? 0)?.(answer);
    });
  });
  let asked = 0;
  const ask = (command: object): Promise<Answer> =>
    new Promise((resolve) => {
      asked += 1;
      const id = asked;
      waiting.set(id, (answer) => {
        waiting.delete(id);
        resolve(answer);
      });
      child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    });
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    use: async (...rules) => void (await ask({ do: 'use', rules })),
    reply: async (afterMs) => void (await ask({ do: 'reply', afterMs })),
    count: async () => (await ask({ do: 'count' })).count,
    accepted: async (from = 0) => (await ask({ do: 'accepted', from })).accepted,
    until: async (count) => void (await ask({ do: 'until', count })),
    hangUp: async () => void (await ask({ do: 'hangUp' })),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
