import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-calendar-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function generate(...args: string[]) {
  const terminal = openTerminal({ VORONKA_WORKFLOWS: folder });
  const code = await main(['calendar', 'generate', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

/** What the calendar's file says, as the engine reads it. */
function read(text: string) {
  const { catalogue, diagnostics } = readCatalogue([{ path: 'calendars/x.yaml', text }], {});
  return { diagnostics, days: Object.values(catalogue.calendars)[0]?.exceptions ?? {} };
}

describe('calendar generate', () => {
  it.each(['RU', 'DE', 'US', 'GB', 'DE-BY'])(
    '%s lints clean, and comes out the same again',
    async (place) => {
      const { code, out } = await generate(place, '2027', '--out', '-');
      expect(code).toBe(0);
      expect(read(out).diagnostics).toEqual([]);
      expect(read(out).days['2027-01-01']).toEqual([]);
      expect((await generate(place, '2027', '--out', '-')).out).toBe(out);
    },
  );

  it('knows the moved and the short days of Russia as the shipped calendar has them', async () => {
    const { days } = read((await generate('RU', '2027', '--out', '-')).out);
    const isWorkday = (date: string) => new Date(date).getUTCDay() % 6 !== 0;
    const shipped = read(readFileSync('workflows/calendars/ru.yaml', 'utf8')).days;
    const of2027 = (all: typeof days) =>
      Object.fromEntries(Object.entries(all).filter(([date]) => date.startsWith('2027') && isWorkday(date)));
    expect(of2027(days)).toEqual(of2027(shipped));
  });

  it('closes early on half days, and the next Monday where the law moves a holiday', async () => {
    expect(read((await generate('DE', '2027', '--out', '-')).out).days['2027-12-24']).toEqual([[540, 840]]);
    expect(read((await generate('GB', '2027', '--out', '-')).out).days['2027-12-28']).toEqual([]);
  });

  it('writes beside the workflows, and writes over nothing that says something else', async () => {
    const file = join(folder, 'calendars', 'us-2027.yaml');
    expect(await generate('us', '2027')).toEqual({ code: 0, out: '', err: `Wrote ${file}.\n` });
    expect((await generate('US', '2027')).err).toContain('says so already');
    writeFileSync(file, 'calendar: mine\n');
    expect(await generate('US', '2027')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--force'),
    });
    expect(readFileSync(file, 'utf8')).toBe('calendar: mine\n');
    expect((await generate('US', '2027', '--force')).code).toBe(0);
  });

  it.each([
    [['XX', '2027'], 'no country XX'],
    [['DE-QQ', '2027'], 'no part QQ'],
    [['DE', '27'], 'no year'],
    [['DE', '2027', '--hours', 'nine to five'], 'no hours'],
  ])('%s is refused', async (args, said) => {
    expect(await generate(...args)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });
});
