import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-fmt-'));
const [home, templates] = [join(folder, 'home'), join(folder, 'templates')];
const file = join(folder, 'a.yaml');
const crooked = `topic: "marketing"   # why
workflow: a
enter: { when: deal won }
steps:
    - send: welcome
`;
const straight = `workflow: a
enter: { when: deal won }
topic: marketing # why
steps:
  - send: welcome
`;

beforeEach(() => writeFileSync(file, crooked));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const terminal = openTerminal({ VORONKA_HOME: home });
  return { code: await main(args, terminal.streams), out: terminal.out(), err: terminal.err() };
}

describe('fmt', () => {
  it('says with --check what is crooked, writes it straight, and then has nothing to do', async () => {
    expect(await run('fmt', '--check', file)).toEqual({ code: 1, out: `${file}\n`, err: '' });
    expect(readFileSync(file, 'utf8')).toBe(crooked);
    expect(await run('fmt', file)).toEqual({ code: 0, out: `${file}\n`, err: '' });
    expect(readFileSync(file, 'utf8')).toBe(straight);
    expect(await run('fmt', '--check', file)).toEqual({ code: 0, out: '', err: '' });
  });

  it('leaves a file with mistakes of form as it is, and says so', async () => {
    writeFileSync(file, 'a: [');
    expect(await run('fmt', file)).toMatchObject({ code: 1, err: expect.stringContaining('stays as it is') });
    expect(readFileSync(file, 'utf8')).toBe('a: [');
  });

  it('finds nothing to do in what is shipped', async () => {
    expect(await run('fmt', '--check', 'workflows')).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('lint --fix', () => {
  it('writes the ids that are missing, says which, and lints what it wrote', async () => {
    const { code, out, err } = await run('lint', '--fix', file);
    expect(err).toBe(`${file}:5  wrote \`id: send-welcome\`\n`);
    expect({ code, out }).toEqual({ code: 0, out: 'No problems.\n' });
    expect(readFileSync(file, 'utf8')).toContain('    - id: send-welcome\n      send: welcome\n');
    expect((await run('lint', '--fix', file)).err).toBe('');
  });
});

describe('what lint keeps of templates', () => {
  const letter = join(templates, 'welcome.en.mjml');
  const lint = () => run('lint', '--templates', templates, letter);
  const cache = () => readdirSync(join(home, 'cache')).map((name) => join(home, 'cache', name));

  it('says the same the second time, and what is new when a template changes', async () => {
    mkdirSync(templates);
    for (const name of ['layouts', 'partials', 'welcome.en.mjml'])
      cpSync(join('templates', name), join(templates, name), { recursive: true });
    expect(await lint()).toMatchObject({ code: 0 });
    expect(cache()).toHaveLength(1);
    expect(await lint()).toMatchObject({ code: 0 });
    const text = readFileSync(letter, 'utf8');
    writeFileSync(letter, `${text}\n<mj-section><mj-nothing /></mj-section>\n`);
    const broken = await lint();
    expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('template-mjml') });
    expect(await lint()).toEqual(broken);
    writeFileSync(letter, text);
    expect(await lint()).toMatchObject({ code: 0 });
  });

  it('does without it where it is broken', async () => {
    for (const kept of cache()) writeFileSync(kept, '{"print": 3, "kept": [');
    expect(await lint()).toMatchObject({ code: 0 });
    expect(existsSync(cache()[0] ?? '')).toBe(true);
    expect(() => JSON.parse(readFileSync(cache()[0] ?? '', 'utf8'))).not.toThrow();
  });
});
