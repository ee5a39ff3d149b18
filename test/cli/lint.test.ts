import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const broken = `workflow: broken
enter:
  when: deal.stage enters "Qualifcation"
topic: marketing
steps:
  - id: hello
    send: welcom
`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voronka-lint-'));
  writeFileSync(join(folder, 'broken.yaml'), broken);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function lint(...args: string[]) {
  const terminal = openTerminal();
  const code = await main(['lint', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('lint', () => {
  it('finds nothing wrong with what is shipped', async () => {
    expect(await lint()).toEqual({ code: 0, out: 'No problems.\n', err: '' });
  });

  it('points at every mistake of a file with a caret and a hint', async () => {
    const { code, out } = await lint(join(folder, 'broken.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('broken.yaml:3:9  unknown-stage');
    expect(out).toContain('broken.yaml:7:11  unknown-template');
    expect(out).toMatch(/\^{6}/);
    expect(out).toContain('did you mean `Qualification`?');
    expect(out).toContain('2 errors');
  });

  it('gives programs an array with lines and columns from 1', async () => {
    const { code, out } = await lint(folder, '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)[0]).toEqual({
      file: join(folder, 'broken.yaml'),
      line: 3,
      column: 9,
      code: 'unknown-stage',
      severity: 'error',
      message: 'no pipeline has a stage "Qualifcation"',
      hint: 'did you mean `Qualification`?',
    });
  });

  it('speaks to GitHub and in SARIF', async () => {
    expect((await lint(folder, '--format', 'github')).out).toMatch(
      /^::error file=.*line=3,col=9,title=unknown-stage::/,
    );
    const sarif = JSON.parse((await lint(folder, '--format', 'sarif')).out);
    expect(sarif.runs[0].results[1].locations[0].physicalLocation.region.startLine).toBe(7);
  });

  it('answers 2 to a file or a format that does not exist', async () => {
    expect(await lint(join(folder, 'none.yaml'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.yaml'),
    });
    expect((await lint('--format', 'xml')).code).toBe(2);
  });
});
