// The whole in one process, as a newcomer starts it: a curl in, a mail in the inbox, and out again without a trace.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const home = mkdtempSync(join(tmpdir(), 'voronka-up-'));
const env = { VORONKA_HOME: home, PORT: '0', LOG_LEVEL: 'warn' };
let terminal: Terminal;
let ended: Promise<number>;

async function run(...args: string[]) {
  const other = openTerminal(env);
  const code = await main(args, other.streams);
  return { code, out: other.out(), err: other.err() };
}

beforeAll(async () => {
  terminal = openTerminal(env);
  ended = main(['up'], terminal.streams);
  await Promise.race([terminal.whenOut("-d '"), ended]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The call that `up` prints, made. */
async function callAsPrinted(): Promise<unknown> {
  const [, url = ''] = /curl (\S+)/.exec(terminal.out()) ?? [];
  const [, authorization = ''] = /(Bearer [^']+)'/.exec(terminal.out()) ?? [];
  const [, body = ''] = /-d '(.*)'/.exec(terminal.out()) ?? [];
  const headers = { authorization, 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body })).json();
}

describe('up', () => {
  it('prints a call that brings a mail into the inbox', async () => {
    expect(await callAsPrinted()).toMatchObject({ results: [{ status: 'accepted' }] });
    const inbox = /Mail stays here: +(\S+)/.exec(terminal.out())?.[1] ?? '';
    await expect
      .poll(async () => (await fetch(inbox)).text(), { timeout: 60_000 })
      .toContain('anna@acme.example');
    expect(await callAsPrinted()).toMatchObject({ results: [{ status: 'duplicate' }] });
  });

  it('lets a second one say who holds the data folder', async () => {
    const { code, err } = await run('up');
    expect(code).toBe(3);
    expect(err).toMatch(/is in use by process \d+: stop that one first/);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('lets a second one say that the port is taken', async () => {
    const port = /up: http:\/\/127\.0\.0\.1:(\d+)/.exec(terminal.out())?.[1] ?? '';
    const other = openTerminal({ ...env, PORT: port });
    expect(await main(['up'], other.streams)).toBe(3);
    expect(other.err()).toBe(
      `voronka: port ${port} is taken: stop what listens there, or choose another with PORT=3001\n`,
    );
  });

  it('lets keys be made, listed and revoked beside it', async () => {
    const made = await run('key', 'create', 'crm', '--scope', 'read', '--json');
    expect(JSON.parse(made.out)).toMatchObject({
      name: 'crm',
      scope: 'read',
      secret: expect.stringMatching(/^vk_/),
    });
    expect((await run('key', 'list')).out).toMatch(/crm +read +vk_/);
    expect((await run('key', 'revoke', 'crm')).code).toBe(0);
    expect(await run('key', 'revoke', 'crm')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no live key'),
    });
  });

  it('lets definitions be applied beside it, and changes nothing for the same ones', async () => {
    expect(await run('apply')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to change') });
  });

  it('keeps its secret for its owner alone, and its mails for the next start', () => {
    expect(readFileSync(join(home, 'secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(readdirSync(join(home, 'inbox')).length).toBeGreaterThan(0);
  });

  it('ends with 0 and without complaint when told to stop', async () => {
    terminal.stop();
    expect(await ended).toBe(0);
    expect(terminal.err()).not.toMatch(/terminating|still closing|closing the/);
  });

  it('refuses a ledger that was begun with another secret', async () => {
    const other = openTerminal({ ...env, VORONKA_SECRET: 'f'.repeat(64) });
    expect(await main(['up'], other.streams)).toBe(3);
    expect(other.err()).toContain('begun with another secret');
  });
});
