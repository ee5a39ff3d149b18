// What can be known of a process by its id, so that a number left behind by a dead one is not taken for a live one.
// Linux is read from /proc (slim containers have no ps); elsewhere ps answers.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When it started, as an opaque word; null where no such process lives. A reused id has another start. */
export function readStart(pid: number): string | null {
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  const stat = readProc(pid, 'stat');
  if (stat === null) return null;
  // The second field is the program's name in brackets, and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  return isZombie ? null : (fields[19] ?? null);
}

/** Its command line in one string; null where no such process lives. */
export function readCommand(pid: number): string | null {
  if (process.platform !== 'linux') return ps(pid, 'args');
  return readProc(pid, 'cmdline')?.replaceAll('\0', ' ') ?? null;
}

function readProc(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

const isGone = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');

function ps(pid: number, column: string): string | null {
  try {
    const text = execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
    return text.trim().replaceAll(/\s+/g, '_') || null;
  } catch (error) {
    // ps exits with 1 where nothing matches.
    if (error instanceof Error && 'status' in error && error.status === 1) return null;
    throw error;
  }
}
