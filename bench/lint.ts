// How long lint takes, as a command of its own: the file with its many mistakes, what is shipped, and two hundred
// workflows, each from nothing and again with what the time before kept. The start of node is told beside it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LintTimes {
  readonly nodeMs: number;
  /** The check itself, in a warm process. */
  readonly thirteenWarmMs: number;
  readonly thirteenMs: number;
  readonly shippedColdMs: number;
  readonly shippedMs: number;
  readonly workflows: number;
  readonly manyColdMs: number;
  readonly manyMs: number;
}

const thirteen = 'test/lint/err/thirteen-mistakes.yaml';

export async function measureLint(workflows: number): Promise<LintTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'voronka-bench-lint-'));
  try {
    const many = manyWorkflows(join(folder, 'many'), workflows);
    const run = (home: string, ...args: string[]) => timeOf(join(folder, home), ['lint', ...args]);
    return {
      nodeMs: median(() => timed(() => spawnSync(process.execPath, ['-e', '0']))),
      thirteenWarmMs: await warmly(),
      thirteenMs: median(() => run('a', thirteen)),
      shippedColdMs: run('b'),
      shippedMs: median(() => run('b')),
      workflows,
      manyColdMs: run('c', '--workflows', many),
      manyMs: median(() => run('c', '--workflows', many)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The shipped workflows again and again under other names. */
function manyWorkflows(folder: string, count: number): string {
  mkdirSync(folder);
  cpSync('workflows', folder, { recursive: true });
  const texts = readdirSync('workflows')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join('workflows', name), 'utf8'))
    .filter((text) => /^workflow: /m.test(text));
  for (let n = texts.length; n < count; n++) {
    const text = (texts[n % texts.length] ?? '').replace(/^workflow: .*/m, `workflow: copy-${n}`);
    writeFileSync(join(folder, `copy-${n}.yaml`), text);
  }
  return folder;
}

function timeOf(home: string, args: readonly string[]): number {
  const env = { ...process.env, VORONKA_HOME: home };
  return timed(() => spawnSync(process.execPath, ['dist/cli/main.js', ...args], { env }));
}

async function warmly(): Promise<number> {
  const { checkSources, declare } = await import('../cli/definitions.ts');
  const file = { path: thirteen, text: readFileSync(thirteen, 'utf8') };
  const workflows = declare([file]);
  const check = () => timed(() => checkSources({ workflows, templatesFolder: 'templates' }));
  for (let i = 0; i < 10; i++) check();
  return median(check);
}

function timed(act: () => unknown): number {
  const from = performance.now();
  act();
  return Math.round(performance.now() - from);
}

function median(measure: () => number): number {
  const times = Array.from({ length: 5 }, measure).sort((a, b) => a - b);
  return times[2] ?? 0;
}
