// The form behind a letter's link in Chromium: whole and readable in both languages, filled in by keyboard alone and without
// JavaScript, what is wrong said beside its field with the cursor in it.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { record } from '../../db/events.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { sign } from '../../mail/links.ts';
import { chromiumPath, openBrowser } from '../harness/browser.ts';
import { hash, makeStageChange, monday } from '../harness/factories.ts';
import { makeDelivery } from '../harness/ledger.ts';
import { linkKeys, openWeb } from '../harness/web.ts';
import { lookAt, open, picture } from './look.ts';

const shipped = ['facts', 'forms', 'pipelines'].map((name) => ({
  path: `${name}.yaml`,
  text: readFileSync(`workflows/${name}.yaml`, 'utf8'),
}));
const { catalogue } = readCatalogue(shipped, {});
const { server, db } = await openWeb({ catalogue: async () => catalogue });
vi.setConfig({ testTimeout: 120_000 });

let browser: Browser;
let origin = '';
const links = { en: '', ru: '', lost: '', sent: '' };
beforeAll(async () => {
  if (chromiumPath === null) return;
  browser = await openBrowser();
  const said = { now: monday, hash, ...catalogue };
  const people = Object.keys(links).map((name, i) =>
    makeStageChange(name === 'lost' ? 'Lost' : 'Qualification', {
      contact: { id: name, locale: name === 'ru' ? 'ru' : 'en' },
      deal: { id: name, need: i % 2 === 1 ? 'Меньше простоев' : 'less downtime', timeline: 'half-year' },
    }),
  );
  await record(db, people, said);
  for (const [i, name] of Object.keys(links).entries()) {
    const { rows } = await sql<{ contact: string; deal: string }>`
      select contact_id as contact, id as deal from deals where key = ${name}`.execute(db);
    const row = rows[0];
    const id = await makeDelivery(db, {
      contact_id: row?.contact ?? '',
      deal_id: row?.deal ?? '',
      key: `ask#${i}`,
    });
    links[name as keyof typeof links] = `/f/${sign('form', `${id}:bant`, linkKeys)}`;
  }
  await server.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://localhost:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => browser?.close());

describe.skipIf(chromiumPath === null)('the form in a browser', () => {
  it.each(['en', 'ru', 'lost'] as const)(
    '%s is whole and readable, wide and narrow, light and dark',
    async (name) => {
      const { page, wrong, close } = await open(browser, origin + links[name]);
      await lookAt(page, `form-${name}`);
      expect(wrong).toEqual([]);
      await close();
    },
  );

  it('what is wrong is said beside its field, the cursor is there, and what was typed stays', async () => {
    const { page, close } = await open(browser, origin + links.en, { javaScriptEnabled: false });
    await page.getByLabel('What should be different afterwards?').fill('');
    await page.getByLabel('It is planned').check();
    await page.getByRole('button').click();
    await page.getByRole('alert').waitFor();
    const field = page.getByLabel('What should be different afterwards?');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('textarea:focus').count()).toBe(1);
    expect(await page.getByLabel('It is planned').isChecked()).toBe(true);
    await close();
    const again = await open(browser, origin + links.en);
    await again.page.getByLabel('What should be different afterwards?').fill('');
    await again.page.getByRole('button').click();
    await again.page.getByRole('alert').waitFor();
    await lookAt(again.page, 'form-wrong');
    await again.close();
  });

  it('one fills it in by keyboard alone, without JavaScript', async () => {
    const { page, close } = await open(browser, origin + links.sent, { javaScriptEnabled: false });
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab');
    await page.keyboard.type(' and fewer spare parts');
    await press('Tab', 'ArrowUp', 'Tab', 'Space', 'Tab', 'Space', 'Tab', 'Enter');
    await page.getByText('That is all we need').waitFor();
    await picture(page, 'form-sent');
    const { rows } = await sql<{ deal: object; contact: object }>`
      select deals.fields as deal, contacts.fields as contact from deals
        join contacts on contacts.id = contact_id where deals.key = 'sent'`.execute(db);
    expect(rows[0]?.deal).toMatchObject({ timeline: 'quarter' });
    expect(JSON.stringify(rows)).toContain('and fewer spare parts');
    await close();
  });
});
