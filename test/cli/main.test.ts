import { describe, expect, it } from 'vitest';
import { commands, main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

describe('the command line', () => {
  it.each(Object.keys(commands))('%s explains itself with an example', async (name) => {
    const terminal = openTerminal();
    expect(await main([name, '--help'], terminal.streams)).toBe(0);
    expect(terminal.out()).toContain(`Usage: voronka ${name}`);
    expect(terminal.out()).toMatch(/Example:\n {2}\$ .*voronka/);
  });

  it('lists every command with the summary that it has itself', async () => {
    const terminal = openTerminal();
    expect(await main(['--help'], terminal.streams)).toBe(0);
    for (const [name, { summary, load }] of Object.entries(commands)) {
      expect((await load()).summary).toBe(summary);
      expect(terminal.out()).toContain(`  ${name} `);
    }
  });

  it('answers 2 to a command that it does not know, and names the one that was meant', async () => {
    const terminal = openTerminal();
    expect(await main(['confg'], terminal.streams)).toBe(2);
    expect(terminal.err()).toContain('Did you mean config?');
  });

  it('answers 2 to an option that it does not know', async () => {
    expect(await main(['config', '--jsn'], openTerminal().streams)).toBe(2);
  });

  it('answers 2 to an environment that needs a look', async () => {
    const terminal = openTerminal({ PORT: 'x' });
    expect(await main(['config'], terminal.streams)).toBe(2);
    expect(terminal.err()).toContain('PORT "x"');
  });

  it('shows every setting and no secret', async () => {
    const terminal = openTerminal({ DATABASE_URL: 'postgres://u:hunter2@h/d', PORT: '8080' });
    expect(await main(['config', '--json'], terminal.streams)).toBe(0);
    expect(terminal.out()).not.toContain('hunter2');
    expect(JSON.parse(terminal.out())).toContainEqual(
      expect.objectContaining({ name: 'PORT', value: '8080', from: 'environment' }),
    );
  });
});
