// A preview from the command line: what is written, whose words stand in it, and the pictures where there is a browser.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { chromiumPath } from '../harness/browser.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-preview-'));
const preview = async (args: string[], env: Record<string, string> = { CHROMIUM_PATH: '/nowhere' }) => {
  const terminal = openTerminal(env);
  const code = await main(['preview', ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
};

describe('a preview', { timeout: 400_000 }, () => {
  it('writes HTML, text and source of every locale, and says that there are no pictures', async () => {
    const out = join(folder, 'all');
    const { code, err, out: told } = await preview(['welcome', '--out', out, '--json']);
    expect(code).toBe(0);
    expect(err).toContain('No Chromium here');
    const { mails, chromium } = JSON.parse(told);
    expect(chromium).toBeNull();
    expect(mails.map((one: { locale: string }) => one.locale)).toEqual(['en', 'ru']);
    for (const { html, text, source, bytes, subject, pictures } of mails) {
      expect(readFileSync(html).length).toBe(bytes);
      expect(readFileSync(text, 'utf8')).toContain('Anna');
      const read = await PostalMime.parse(readFileSync(source));
      expect(read.subject).toBe(subject);
      expect(read.headers.find((one) => one.key === 'list-unsubscribe-post')?.value).toBe(
        'List-Unsubscribe=One-Click',
      );
      expect(pictures).toEqual([]);
    }
  });

  it('is written to the contact of a file, in their language', async () => {
    const file = join(folder, 'olga.yaml');
    writeFileSync(file, 'contact: { first_name: Ольга, locale: ru-RU, email: olga@acme.example }\n');
    const { code, out } = await preview(['welcome', '--contact', file, '--out', folder, '--json']);
    expect(code).toBe(0);
    const [mail, ...others] = JSON.parse(out).mails;
    expect(others).toEqual([]);
    expect(mail.locale).toBe('ru');
    expect(readFileSync(mail.text, 'utf8')).toContain('Здравствуйте, Ольга!');
    expect((await PostalMime.parse(readFileSync(mail.source))).to?.[0]?.address).toBe('olga@acme.example');
  });

  it('says which template was meant, and what is wrong with one', async () => {
    const missing = await preview(['welcom', '--out', folder]);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('did you mean `welcome`')]);
    const templates = mkdtempSync(join(tmpdir(), 'voronka-templates-'));
    writeFileSync(
      join(templates, 'bad.en.mjml'),
      '---\nsubject: Bad\ntransactional: true\n---\n<mj-section>\n',
    );
    const bad = await preview(['bad', '--templates', templates, '--out', join(folder, 'bad')]);
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('bad.en.mjml:1:1');
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  });

  it.skipIf(chromiumPath === null)(
    'takes pictures as wide as a screen and a phone',
    { timeout: 400_000 },
    async () => {
      const args = ['welcome', '--locale', 'en', '--out', join(folder, 'pictures'), '--json'];
      const { code, out } = await preview(args, { CHROMIUM_PATH: chromiumPath ?? '' });
      expect(code).toBe(0);
      const { pictures } = JSON.parse(out).mails[0];
      const read = pictures.map((path: string) => readFileSync(path));
      expect(read.map((png: Buffer) => png.readUInt32BE(16))).toEqual([1280, 1280, 640, 640, 780, 780]);
      for (const png of read) expect(png.readUInt32BE(20)).toBeGreaterThan(600);
      // The dark ones are other pictures.
      expect(read[0].equals(read[1])).toBe(false);
    },
  );
});
