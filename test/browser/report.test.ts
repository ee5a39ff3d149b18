// The page with all reports, as its readers see it: both languages, wide and on a phone, light and dark.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addStageChanges } from '../../bench/stage-changes.ts';
import { main } from '../../cli/main.ts';
import { openTerminal } from '../cli/terminal.ts';
import { useDefinitions } from '../harness/definitions.ts';
import { monday } from '../harness/factories.ts';
import { freshLedger } from '../harness/postgres.ts';
import { lookAt, open } from './look.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))('the page of reports', async () => {
  const { db, url } = await freshLedger();
  const folder = mkdtempSync(join(tmpdir(), 'voronka-page-'));
  let browser: Browser;
  beforeAll(async () => {
    await useDefinitions(db, monday);
    await addStageChanges(db, 2_000, monday);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['en', 'ru'])(
    'in %s overflows nowhere, can be read, and has each chart once at a time',
    async (locale) => {
      const file = join(folder, `${locale}.html`);
      const { streams } = openTerminal({ DATABASE_URL: url, LOG_LEVEL: 'silent' });
      expect(await main(['report', 'all', '--locale', locale, '--html', file], streams)).toBe(0);
      const { page, wrong, close } = await open(browser, `file://${file}`);
      await lookAt(page, `reports-${locale}`);
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      const charts = page.locator('svg[role=img]');
      const shown = await page.locator('svg[role=img]:visible').count();
      expect(shown).toBeGreaterThan(2);
      expect(await charts.count()).toBe(2 * shown);
      expect(wrong).toEqual([]);
      await close();
    },
  );
});
