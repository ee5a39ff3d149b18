// F17: the program's own front door, and everybody at it: requests by dice, bytes that are no HTTP, bodies of ten megabytes,
// JSON a hundred thousand deep, and clients that send a byte now and then; among them one honest client, timed. Judged from
// outside: by the answers, by the connections that are held at the end, and by the honest client's own watch.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request as ask } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createKey } from '../../db/keys.ts';
import { letters, onceFile, pipelinesFile } from '../harness/definitions.ts';
import { writeDefinitions } from '../harness/folders.ts';
import { startProgram } from '../harness/program.ts';
import { openDice } from './dice.ts';
import { any, garbage, makeRequest, type Request } from './f17-requests.ts';
import type { Ground } from './ground.ts';
import { defineTrial } from './trial.ts';

const longForm = { requests: 20_000, atOnce: 4, slow: 200, large: 20 };
type HttpTrial = typeof longForm & { readonly seed: number };

export interface HttpReport {
  readonly [figure: string]: unknown;
  readonly asked: number;
  /** Answers by their first figure; 0: the connection ended without one. */
  readonly answers: Readonly<Record<string, number>>;
  readonly serverErrors: number;
  /** Answers that show a stack, a statement or a path of the machine. */
  readonly leaks: number;
  /** Connections that the process still holds when everybody has left. */
  readonly held: number;
  /** Of memory, at the end. */
  readonly megabytes: number;
  readonly honest: number;
  readonly honestFailed: number;
  readonly honestP99Ms: number;
}

export async function runHttp(ground: Ground, trial: HttpTrial): Promise<HttpReport> {
  const home = await mkdtemp(join(tmpdir(), 'voronka-http-'));
  const keys = await Promise.all(
    (['ingest', 'read', 'admin'] as const).map((scope) =>
      createKey(ground.db, { name: `f17 ${scope}`, scope, now: Date.UTC(2026, 0, 1) }),
    ),
  );
  const env = {
    ...{ DATABASE_URL: ground.databaseUrl, REDIS_URL: ground.redisUrl, VORONKA_HOME: home, PORT: '0' },
    ...(await writeDefinitions(home, [pipelinesFile, onceFile], letters)),
  };
  const program = await startProgram(['up'], { ...env, LOG_LEVEL: 'silent' }, /Voronka is up: \S+\n/);
  const url = new URL(/up: (\S+)/.exec(program.said())?.[1] ?? '');
  const slow: Socket[] = [];
  try {
    const [ingest = '', read = ''] = keys;
    const honest = startHonest(url.origin, ingest, read);
    slow.push(...openSlow(url, trial.slow));
    const tally = openTally();
    await attack(url, trial, keys, tally);
    const timed = await honest.stop();
    for (const socket of slow) socket.destroy();
    const megabytes = await megabytesOf(program.pid);
    return { ...tally.counts(), held: await countHeld(Number(url.port)), megabytes, ...timed };
  } finally {
    for (const socket of slow) socket.destroy();
    await program.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function attack(url: URL, trial: HttpTrial, keys: readonly string[], tally: Tally): Promise<void> {
  const dice = openDice(trial.seed);
  const agent = new Agent({ keepAlive: true, maxSockets: trial.atOnce });
  let left = trial.requests;
  const go = async () => {
    while (left-- > 0) {
      if (dice.below(50) === 0) tally.note(await speak(url, any(dice, garbage)));
      else tally.note(await send(url, makeRequest(dice, keys), agent));
    }
  };
  const large = async () => {
    const [key = ''] = keys;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const bodies = [Buffer.alloc(10_000_000, 32), Buffer.from('['.repeat(100_000) + ']'.repeat(100_000))];
    for (let n = 0; n < trial.large; n += 1)
      tally.note(
        await send(url, { method: 'POST', path: '/v1/events', headers, body: bodies[n % 2] ?? null }, agent),
      );
  };
  await Promise.all([...Array.from({ length: trial.atOnce }, go), large()]);
  agent.destroy();
}

interface Answer {
  /** 0: none. */
  readonly status: number;
  readonly text: string;
}

function send(url: URL, { method, path, headers, body }: Request, agent: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const none = () => resolve({ status: 0, text: '' });
    const sent = ask(
      { host: url.hostname, port: url.port, method, path, headers, agent, timeout: 60_000 },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', none);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on('error', none);
    sent.on('timeout', () => sent.destroy());
    sent.end(body ?? undefined);
  });
}

/** As it stands, and then our side is closed. */
function speak(url: URL, bytes: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname, () => socket.end(Buffer.from(bytes, 'latin1')));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }));
  });
}

/** They begin a request and never end it: half of them in its head, half in its body. */
function openSlow(url: URL, count: number): Socket[] {
  return Array.from({ length: count }, (_, n) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => socket.destroy());
    const head = 'POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    socket.write(n % 2 === 0 ? head : `${head}Content-Length: 100000\r\n\r\n{`);
    const timer = setInterval(() => socket.write(n % 2 === 0 ? 'X: 1\r\n' : ' '), 500);
    socket.on('close', () => clearInterval(timer));
    return socket;
  });
}

interface Tally {
  note(answer: Answer): void;
  counts(): Pick<HttpReport, 'asked' | 'answers' | 'serverErrors' | 'leaks'>;
}

function openTally(): Tally {
  const answers: Record<string, number> = {};
  let [asked, leaks] = [0, 0];
  return {
    note({ status, text }) {
      asked += 1;
      const figure = `${Math.floor(status / 100)}xx`;
      answers[figure] = (answers[figure] ?? 0) + 1;
      leaks += Number(/node_modules|\bat \S+ \(|\.[jt]s:\d+|select .* from |ECONN|violates/.test(text));
    },
    counts: () => ({ asked, answers, serverErrors: answers['5xx'] ?? 0, leaks }),
  };
}

function startHonest(url: string, ingest: string, read: string) {
  const file = join(process.cwd(), 'dist/test/trials/f17-process.js');
  const child = spawn(process.execPath, [file, url, ingest, read], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const gone = once(child, 'close');
  return {
    async stop() {
      child.stdin.end();
      await gone;
      const { latencies, failed } = JSON.parse(said) as { latencies: number[]; failed: number };
      const sorted = latencies.sort((a, b) => a - b);
      const honestP99Ms = Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0);
      return { honest: latencies.length, honestFailed: failed, honestP99Ms };
    },
  };
}

/** Connections to the door that the process holds, as the kernel counts them; closed ones linger a moment. */
async function countHeld(port: number): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const endAt = performance.now() + 15_000;
  for (;;) {
    const lines = (await readFile('/proc/net/tcp', 'utf8'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    // 06 is TIME_WAIT, which the kernel holds and no process; 0A is the door itself.
    const held = lines.filter(
      ([, at, , state = '']) => at?.endsWith(local) === true && !['06', '0A'].includes(state),
    ).length;
    if (held === 0 || performance.now() > endAt) return held;
    await pause(50);
  }
}

async function megabytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** `isTimed`: only a machine that does nothing else can be held to a time. */
export const isHttpMet = (report: HttpReport, isTimed: boolean): boolean =>
  report.serverErrors + report.leaks + report.honestFailed + report.held === 0 &&
  report.honest > 0 &&
  (!isTimed || report.honestP99Ms < 100);

export const f17 = defineTrial({
  name: 'F17',
  says: 'requests by dice, slow clients, large and deep bodies: 5xx 0, leaks 0, an honest client’s p99 under 100 ms',
  options: longForm,
  run: (options, ground): Promise<HttpReport> => runHttp(ground, options),
  isMet: (report) => isHttpMet(report, true),
});
