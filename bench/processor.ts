// Processor time of all that the bench has started, from the kernel's own books: what a mail costs in all, not only in
// the process that sends it. Where there is no /proc it says nothing.
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds so far of all descendants of this process, by the name of their command. */
export function readProcessor(): ReadonlyMap<string, number> {
  const all = processes();
  const ours = new Set([process.pid]);
  // A parent may stand after its child in the list; generations are few.
  for (let generation = 0; generation < 5; generation++)
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid);
  const spent = new Map<string, number>();
  for (const { pid, name, ms } of all)
    if (ours.has(pid) && pid !== process.pid) spent.set(name, (spent.get(name) ?? 0) + ms);
  return spent;
}

/** What was spent between two readings, in milliseconds for each of `count`. */
export function perOne(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  count: number,
): { [name: string]: number } {
  return Object.fromEntries(
    [...after].map(([name, ms]) => [name, Math.round(((ms - (before.get(name) ?? 0)) / count) * 100) / 100]),
  );
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly ms: number;
}

/** The kernel counts in hundredths of a second. */
const tickMs = 10;

function processes(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => readProcess(Number(pid)));
  } catch {
    return [];
  }
}

/** None where it has just ended. */
function readProcess(pid: number): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
    const fields = rest.split(' ');
    return [{ pid, parent: Number(fields[1]), name, ms: (Number(fields[11]) + Number(fields[12])) * tickMs }];
  } catch {
    return [];
  }
}
