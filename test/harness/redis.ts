// A Redis of the test's own: redis-server on a free port, its folder a temporary one, never the machine's. It can be
// killed, started again, paused and emptied. Where redis-server is not installed, the tests that need it are skipped
// and this file says so, loudly.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const redisAvailable = isInstalled();
if (!redisAvailable)
  process.stderr.write(
    '\n*** redis-server is not installed: everything over Redis is SKIPPED, not tested ***\n\n',
  );

function isInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, as a crash. What was not saved is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Sends one command, as `redis-cli` would, and answers the raw reply. */
  command(text: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-redis-'));
  const port = await findFreePort();
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const args = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    child = spawn('redis-server', [...args, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
    await isReady(child);
  }
  async function kill(): Promise<void> {
    const dying = child;
    child = null;
    if (!dying || dying.exitCode !== null) return;
    const gone = once(dying, 'exit');
    dying.kill('SIGKILL');
    await gone;
  }
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    command: (text) => ask(port, text),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  });
}

function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${text}\r\n`));
    socket.once('data', (reply) => {
      resolve(reply.toString().trim());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
