import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function test(...args: string[]) {
  const terminal = openTerminal();
  const code = await main(['test', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

const workflow = (tests: string) => `workflow: greet
enter:
  when: deal.stage enters "Attraction"
topic: marketing
steps:
  - id: hello
    send: welcome
  - id: done
    exit: greeted
${tests}`;

function write(tests: string): string {
  writeFileSync(join(folder, 'greet.yaml'), workflow(tests));
  return folder;
}

describe('test', () => {
  it('every story of every shipped workflow holds, and none is without stories', async () => {
    const { code, out } = await test();
    expect(out).toMatch(/\d+ stories, all hold\.\n$/);
    expect(code).toBe(0);
  });

  it('points at the line that was not kept, with what happened instead', async () => {
    const workflows = write(
      'tests:\n  - name: greeted late\n    expect:\n      - day 1: sends welcome\n      - exits greeted\n',
    );
    const { code, out } = await test('--workflows', workflows);
    expect(code).toBe(1);
    expect(out).toContain('  FAIL  greeted late\n');
    expect(out).toContain('greet.yaml:13:16  story  greeted late: `day 1: sends welcome` was not kept\n');
    expect(out).toContain('  13 |       - day 1: sends welcome\n     |                ^^^^^^^^^^^^^\n');
    expect(out).toContain('= day 1: nothing; it was sent on day 0 (Mon 12 Jan 2026 09:00)');
    expect(out).toContain('1 story: 0 hold, 1 do not.');
  });

  it('gives programs the same', async () => {
    const workflows = write('tests:\n  - name: greeted\n    expect: [exits greeted, never sends welcome]\n');
    const { code, out } = await test('greet', '--json', '--workflows', workflows);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      {
        workflow: 'greet',
        story: 'greeted',
        passed: false,
        failures: [{ line: 12, column: 29, expected: 'never sends welcome' }],
      },
    ]);
  });

  it('says where a story cannot be read, and ends with 1', async () => {
    const workflows = write('tests:\n  - name: greeted\n    expect: [sends welcom]\n');
    const { code, err } = await test('--workflows', workflows);
    expect(code).toBe(1);
    expect(err).toContain('did you mean `welcome`?');
  });

  it('says where there are none, and which workflow was meant', async () => {
    const { code, out } = await test('--workflows', write(''));
    expect(code).toBe(0);
    expect(out).toBe('No stories: write some under `tests:`. Without stories: greet.\n');
    const wrong = await test('welcom');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('did you mean `welcome`?');
  });
});
