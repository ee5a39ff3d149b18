// Every page of who runs this place, and unsubscribing, in Chromium: whole and readable, nothing blocked or failing, and
// what can be pressed can be reached by keyboard.

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readCatalogue } from '../../engine/declarations.ts';
import { sign } from '../../mail/links.ts';
import { chromiumPath, openBrowser } from '../harness/browser.ts';
import { aCatcher } from '../harness/caught.ts';
import { monday } from '../harness/factories.ts';
import { writePast } from '../harness/past.ts';
import { catalogue, linkKeys, openWeb } from '../harness/web.ts';
import { lookAt, open, picture } from './look.ts';

const catcher = aCatcher();
const full = await openWeb({ catcher, catalogue: async () => ({ ...catalogue, policy: shippedPolicy() }) });
const empty = await openWeb();
function shippedPolicy() {
  const file = { path: 'policy.yaml', text: readFileSync('workflows/policy.yaml', 'utf8') };
  return readCatalogue([file], {}).catalogue.policy;
}
// A browser on a busy machine: four views of one page have taken 20 s.
vi.setConfig({ testTimeout: 120_000 });

let browser: Browser;
const origins = { full: '', empty: '' };
const links = { ru: '', en: '/u/', cut: '/u/cut' };
const choices = { ru: '', en: '', ask: '' };

beforeAll(async () => {
  if (chromiumPath === null) return;
  browser = await openBrowser();
  await writePast(full.db);
  const { rows } = await sql<{
    id: string;
  }>`select id from contacts where key in ('c-17', 'c-101') order by locale`.execute(full.db);
  [links.ru = '', links.en = ''] = rows.map(
    ({ id }) => `/u/${sign('unsubscribe', `${id}:marketing:7`, linkKeys)}`,
  );
  [choices.ru = '', choices.en = ''] = rows.map(({ id }) => `/p/${sign('preferences', id, linkKeys)}`);
  choices.ask = `/confirm/${sign('confirm', `${rows[1]?.id}:7`, linkKeys)}`;
  await sql`update contacts set asked = '{"events": 1}' where id = ${rows[1]?.id}`.execute(full.db);
  for (const [name, { server }] of Object.entries({ full, empty })) {
    await server.listen({ port: 0, host: '127.0.0.1' });
    origins[name as keyof typeof origins] =
      `http://localhost:${(server.server.address() as AddressInfo).port}`;
  }
});
afterAll(async () => browser?.close());

const pages: readonly (readonly [string, keyof typeof origins, () => string])[] = [
  ['home', 'full', () => '/'],
  ['home-empty', 'empty', () => '/'],
  ['inbox', 'full', () => '/inbox'],
  ['mail-html', 'full', () => '/inbox/1'],
  ['mail-text', 'full', () => '/inbox/1?view=text'],
  ['mail-source', 'full', () => '/inbox/1?view=source'],
  ['contacts', 'full', () => '/contacts'],
  ['contact', 'full', () => '/contacts/c-17'],
  ['login', 'full', () => '/login'],
  ['lost', 'full', () => '/contacts/nobody'],
  ['unsubscribe-ru', 'full', () => links.ru],
  ['unsubscribe-en', 'full', () => links.en],
  ['unsubscribe-cut', 'full', () => links.cut],
  ['preferences-ru', 'full', () => choices.ru],
  ['preferences-en', 'full', () => choices.en],
  ['confirm-en', 'full', () => choices.ask],
];
describe.skipIf(chromiumPath === null)('in a browser', () => {
  it.each(pages)('%s is whole and readable, wide and narrow, light and dark', async (name, where, path) => {
    const { page, wrong, close } = await open(browser, origins[where] + path());
    await lookAt(page, name);
    expect(wrong).toEqual([]);
    await close();
  });

  it.each([
    ['ru', true, 'Вы отписаны'],
    ['en', false, 'You are unsubscribed'],
  ] as const)(
    'one unsubscribes by keyboard alone (%s, JavaScript: %s)',
    async (lang, javaScriptEnabled, words) => {
      const { page, close } = await open(browser, origins.full + links[lang], { javaScriptEnabled });
      await page.keyboard.press('Tab');
      expect(await page.locator('button:focus').count()).toBe(1);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: words }).waitFor();
      await picture(page, `unsubscribed-${lang}`);
      await close();
    },
  );

  it('one chooses topics by keyboard alone, without JavaScript', async () => {
    const { page, close } = await open(browser, origins.full + choices.en, { javaScriptEnabled: false });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Saved. It holds from now on.').waitFor();
    await picture(page, 'preferences-saved');
    await page.getByRole('button', { name: 'Pause for 30 days' }).press('Enter');
    await page.getByText('Your mail is paused until').waitFor();
    await picture(page, 'preferences-paused');
    await close();
  });

  it('a mail leads to its reason: who got it, and what moved them there', async () => {
    const { page, close } = await open(browser, `${origins.full}/inbox/1`);
    await page.getByRole('link', { name: 'What led to this mail' }).click();
    await page.getByRole('heading', { name: 'Anna Petrova' }).waitFor();
    await page.getByText('consent to marketing is given').waitFor();
    await close();
  });

  it("a contact is found by the customer's id", async () => {
    const { page, close } = await open(browser, `${origins.full}/contacts`);
    await page.getByLabel('Your id of the contact').fill('c-17');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Anna Petrova' }).waitFor();
    await close();
  });

  it('the inbox shows a mail that comes while one looks', async () => {
    const { page, close } = await open(browser, `${origins.full}/inbox`);
    const before = await page.locator('.mails li').count();
    catcher.add({ subject: 'Just now', at: monday });
    await page.getByText('Just now').waitFor();
    expect(await page.locator('.mails li').count()).toBe(before + 1);
    await close();
  });

  it('a mail runs no script, loads nothing from elsewhere, and its links open beside', async () => {
    const { page, close } = await open(browser, `${origins.full}/inbox/1`);
    const got: string[] = [];
    page.on('response', (response) => got.push(response.url()));
    await page.reload();
    const frame = page.frameLocator('iframe.mail');
    await frame.locator('h1').waitFor();
    expect(await page.title()).not.toContain('pwned');
    expect(got.filter((url) => !url.startsWith(origins.full))).toEqual([]);
    const [beside] = await Promise.all([
      page.context().waitForEvent('page'),
      frame.locator('a', { hasText: 'unsubscribe' }).click(),
    ]);
    await beside.waitForLoadState();
    expect(beside.url()).toBe(`${origins.full}/u/cut`);
    await close();
  });
});
