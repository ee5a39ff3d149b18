// A real Postgres from npm, in a folder of ours, for whoever has set no DATABASE_URL.
// Promises: one owner at a time; durable; stopped with its owner, however that ends. The arbiter is Postgres's own lock
// (postmaster.pid); the owner's name stands on the server's command line, so no second lock can disagree with it.
// Breaks if two machines, or two containers, share the folder: neither sees the other's processes.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { close, connect } from './connect.ts';
import { findBinaries } from './embedded-binaries.ts';
import { makeCluster, runCluster, superuser } from './embedded-cluster.ts';
import { chooseUser, type User } from './embedded-user.ts';
import { readCommand, readStart } from './processes.ts';

export interface Embedded {
  readonly url: string;
  stop(): Promise<void>;
}
export interface EmbeddedOptions {
  /** The data folder (VORONKA_HOME); the cluster lies in its subfolder postgres. */
  readonly folder: string;
  readonly log: Logger;
  /** Further settings of the server. For tests: production has none. */
  readonly settings?: { readonly [name: string]: string };
}

const database = 'voronka';
/** The kernel's limit for a socket's path is 107 bytes on Linux and 103 on macOS; `/.s.PGSQL.5432` takes 14. */
const longestSocketFolder = 88;
const patienceMs = 30_000;

/** Throws an error with the name EmbeddedInUse where another process holds the folder. */
export async function startEmbedded({ folder, log, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  if (process.platform === 'win32')
    throw new Error(
      'The Postgres that comes with Voronka runs on Linux and macOS; on Windows set DATABASE_URL.',
    );
  const cluster = resolve(folder, 'postgres');
  const user = await chooseUser(cluster);
  const binaries = await findBinaries(user);
  await clearWay(cluster, log);
  await makeCluster(cluster, binaries, user);
  const socketFolder = cluster.length <= longestSocketFolder ? cluster : await makeSocketFolder(user);
  const owner = `voronka-${process.pid}-${readStart(process.pid)}`;
  const child = await runCluster({
    folder: cluster,
    socketFolder,
    binaries,
    user,
    owner,
    extra: settings,
    log,
  }).catch(async (error: unknown) => {
    // Two starts at once: Postgres let the other one in.
    await checkFree(cluster);
    throw error;
  });
  release(child);
  child.once('exit', (code) => code === 0 || log.error({ code }, 'the embedded Postgres ended by itself'));
  const stop = async () => {
    await stopChild(child, cluster);
    if (socketFolder !== cluster) await rm(socketFolder, { recursive: true, force: true });
  };
  try {
    await makeDatabase(urlIn(socketFolder, 'postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlIn(socketFolder, database), stop };
}

/** The address of the ledger that another process holds open in this folder; null where none does. */
export async function joinEmbedded(folder: string): Promise<string | null> {
  const cluster = resolve(folder, 'postgres');
  if ((await readPostmaster(cluster)) === null) return null;
  const [, , , , socketFolder = '', , , state = ''] = (
    await readFile(join(cluster, 'postmaster.pid'), 'utf8')
  ).split('\n');
  return state.trim() === 'ready' ? urlIn(resolve(cluster, socketFolder), database) : null;
}

function urlIn(socketFolder: string, name: string): string {
  return `postgres://${superuser}@localhost:5432/${name}?host=${encodeURIComponent(socketFolder)}`;
}

async function makeDatabase(url: string): Promise<void> {
  const db = connect(url, { max: 1, name: 'voronka start' });
  try {
    const { rows } = await sql`select 1 from pg_database where datname = ${database}`.execute(db);
    if (rows.length === 0) await sql`create database ${sql.id(database)}`.execute(db);
  } finally {
    await close(db);
  }
}

/** Its pipes and itself must not keep a process alive that has nothing else to do. */
function release(child: ChildProcess): void {
  child.unref();
  for (const pipe of [child.stdin, child.stderr])
    if (pipe && 'unref' in pipe) (pipe as { unref(): void }).unref();
}

async function stopChild(child: ChildProcess, cluster: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  child.stdin?.end();
  const late = new AbortController();
  await Promise.race([gone, wait(patienceMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  const pid = await readPostmaster(cluster);
  if (child.exitCode === null && pid) {
    process.kill(pid, 'SIGQUIT');
    await gone;
  }
}

/** Ends a server whose owner died; throws where its owner lives. */
async function clearWay(cluster: string, log: Logger): Promise<void> {
  const pid = await checkFree(cluster);
  if (pid === null) return;
  log.warn({ pid }, 'stopping a Postgres whose owner is gone');
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    send(pid, signal);
    for (let waitedMs = 0; waitedMs < patienceMs / 3; waitedMs += 20) {
      if (readStart(pid) === null) return;
      await wait(20);
    }
  }
  throw new Error(`An orphaned Postgres (process ${pid}) in ${cluster} does not end: kill -9 ${pid}`);
}

/** The pid of an orphan, null where none runs. */
async function checkFree(cluster: string): Promise<number | null> {
  const pid = await readPostmaster(cluster);
  if (pid === null) return null;
  const command = readCommand(pid) ?? '';
  const [, ownerPid, ownerStart] = /cluster_name=voronka-(\d+)-(\S+)/.exec(command) ?? [];
  if (ownerPid && readStart(Number(ownerPid)) === ownerStart) throw inUse(cluster, Number(ownerPid));
  if (ownerPid) return pid;
  if (/postgres|postmaster/.test(command)) throw inUse(cluster, pid);
  // The id has been given to a stranger since; Postgres itself would take it for a server.
  await rm(join(cluster, 'postmaster.pid'));
  return null;
}

async function readPostmaster(cluster: string): Promise<number | null> {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const pid = Number.parseInt(await readFile(path, 'utf8'), 10);
  return Number.isInteger(pid) && readStart(pid) !== null ? pid : null;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function inUse(cluster: string, pid: number): Error {
  const error = new Error(
    `The ledger in ${cluster} is in use by process ${pid}: stop that one first (kill ${pid}), or set VORONKA_HOME to another folder, or DATABASE_URL to a Postgres that both may use.`,
  );
  error.name = 'EmbeddedInUse';
  return error;
}

async function makeSocketFolder(user: User | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-'));
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}
