// One Postgres cluster in a folder: made once by initdb, then run as a child that cannot outlive us.
// The child is a small shell that holds the read end of a pipe. When we close it, or die by any signal, the pipe
// ends and the shell asks Postgres for a fast shutdown. Its own session keeps Ctrl-C in the terminal from reaching it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Binaries } from './embedded-binaries.ts';
import type { User } from './embedded-user.ts';

export const superuser = 'voronka';

// `read` ends when the pipe does. Without the descriptor juggling Postgres would hold the pipe open itself.
const supervisor = `
exec 4<&0 </dev/null
"$@" 4<&- & child=$!
{ read -r _ <&4; kill -INT $child; } 2>/dev/null & watch=$!
exec 4<&-
wait $child; code=$?
kill $watch 2>/dev/null
exit $code
`;

// Small on purpose: it shares a laptop with everything else. What it promises a commit is never relaxed here.
const settings = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // A container's /dev/shm may hold 64 MB; parallel plans would need it.
  max_parallel_workers_per_gather: '0',
  autovacuum_naptime: '15s',
  log_min_messages: 'warning',
  log_timezone: 'UTC',
};

/**
 * The folder as Postgres may name it. Where its user cannot enter the folders above, only a descriptor leads there: we
 * open it and hand it down as the child's descriptor 3. (The working folder would do for Postgres 16 and newer alone:
 * older ones leave it to find themselves, and cannot come back.)
 */
const nameOf = (folder: string) => (process.platform === 'linux' ? '/proc/self/fd/3' : folder);

/** Makes the cluster where there is none. The rename at the end makes a start that was killed half-way harmless. */
export async function makeCluster(folder: string, binaries: Binaries, user: User | null): Promise<void> {
  const marker = join(folder, 'PG_VERSION');
  if (existsSync(marker)) return await checkVersion(folder, marker, binaries.major);
  await mkdir(dirname(folder), { recursive: true, mode: 0o711 });
  const draft = await mkdtemp(`${folder}.new-`);
  try {
    await removeAbandoned(folder, draft);
    if (user) await chown(draft, user.uid, user.gid);
    await runInitdb(draft, binaries, user);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start was faster, and its cluster is as good.
    if (!existsSync(marker)) throw new Error(`The ledger could not be made in ${folder}`, { cause: error });
  }
}

async function checkVersion(folder: string, marker: string, major: number): Promise<void> {
  const made = Number.parseInt(await readFile(marker, 'utf8'), 10);
  if (made !== major)
    throw new Error(
      `The ledger in ${folder} was made by Postgres ${made}, and this program comes with ${major}: move it with pg_dump and pg_restore, or set VORONKA_HOME to another folder.`,
    );
}

/** Drafts of starts that were killed in the making; younger ones may still be at work. */
const abandonedMs = 600_000;
async function removeAbandoned(folder: string, draft: string): Promise<void> {
  const now = (await stat(draft)).mtimeMs;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.new-`)) continue;
    const path = join(dirname(folder), name);
    // Gone already: a start that was faster has given it its name.
    const made = await stat(path).catch(() => null);
    if (made && made.mtimeMs < now - abandonedMs) await rm(path, { recursive: true, force: true });
  }
}

async function runInitdb(folder: string, { initdb, major }: Binaries, user: User | null): Promise<void> {
  const flags = ['-D', nameOf(folder), '-U', superuser, '-A', 'trust', '-E', 'UTF8', '--no-locale'];
  // Builtin collation: sorting does not change with the machine's libraries.
  if (major >= 17) flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  const child = await spawnIn(folder, initdb, flags, user);
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  child.stdin?.end();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${said.join('').trim()}`);
}

/** In a session of its own, with the folder open as descriptor 3. */
async function spawnIn(
  folder: string,
  program: string,
  flags: readonly string[],
  user: User | null,
): Promise<ChildProcess> {
  const handle = await open(folder, 'r');
  try {
    const child = spawn(program, flags, {
      ...user,
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', 'ignore', 'pipe', handle.fd],
    });
    await once(child, 'spawn');
    return child;
  } finally {
    await handle.close();
  }
}

export interface RunOptions {
  readonly folder: string;
  readonly socketFolder: string;
  readonly binaries: Binaries;
  readonly user: User | null;
  /** Who started it: a later start reads it from the command line of a server that it finds running. */
  readonly owner: string;
  /** Further settings, for tests alone. */
  readonly extra: { readonly [setting: string]: string };
  readonly log: Logger;
}

/** Answers once it accepts connections; throws with its last words where it does not. */
export async function runCluster(options: RunOptions): Promise<ChildProcess> {
  const { folder, socketFolder, binaries, user, owner, extra, log } = options;
  const all = {
    ...settings,
    ...extra,
    unix_socket_directories: socketFolder === folder ? '.' : socketFolder,
    cluster_name: owner,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = ['-c', supervisor, 'sh', binaries.postgres, '-D', nameOf(folder), ...flags];
  const child = await spawnIn(folder, '/bin/sh', command, user);
  await waitReady(child, log);
  return child;
}

function waitReady(child: ChildProcess, log: Logger): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`Postgres ended with ${code} at its start: ${said.slice(-5).join(' | ')}`)),
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) {
        if (/ready to accept connections/.test(line)) resolve();
        if (/not properly shut down/.test(line))
          log.warn('the ledger was not shut down last time: recovering');
        said.push(line);
        said.splice(0, said.length - 20);
        log.debug({ postgres: line });
      }
    });
  });
}
