// What a reader may choose, driven as a reader without a mouse does it and with JavaScript off: confirming, topics, a pause,
// everything off, leaving; in both languages, and what the ledger holds of it afterwards.
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readConsents } from '../../db/consents.ts';
import { record } from '../../db/events.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { sign } from '../../mail/links.ts';
import { chromiumPath, openBrowser } from '../harness/browser.ts';
import { hash, makeEvent, monday, sales } from '../harness/factories.ts';
import { catalogue, linkKeys, openWeb } from '../harness/web.ts';
import { lookAt, open, picture } from './look.ts';

const text = `company: { name: Acme, address: Street 1, zone: UTC }
topics:
  marketing:
    name: { en: Product news and advice, ru: Новости и советы }
    text: { en: I agree to get product news and advice by e-mail., ru: Я согласен получать новости и советы. }
  events:
    name: { en: Invitations to events, ru: Приглашения на встречи }
    text: { en: Acme may invite me to its events., ru: Acme может приглашать меня на свои встречи. }
    double_opt_in: true
`;
const { policy } = readCatalogue([{ path: 'policy.yaml', text }], {}).catalogue;
const { server, db } = await openWeb({ catalogue: async () => ({ ...catalogue, policy }) });
vi.setConfig({ testTimeout: 240_000 });

/** The longer words are looked at in every width and light. */
const look = { en: picture, ru: lookAt };

let browser: Browser;
let origin = '';
beforeAll(async () => {
  if (chromiumPath === null) return;
  browser = await openBrowser();
  await server.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://localhost:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => browser?.close());

async function makeReader(locale: string): Promise<string> {
  const consent = { marketing: true, events: true };
  const contact = { id: `reader-${locale}`, email: `${locale}@acme.example`, locale, consent };
  const options = { now: monday, hash, pipelines: [sales], doubleOptIn: ['events'] };
  await record(db, [makeEvent({ contact })], options);
  const { rows } = await sql<{ id: string }>`select id from contacts where key = ${contact.id}`.execute(db);
  return rows[0]?.id ?? '';
}

/** Tab by tab until the button or link of that name is reached, and then Enter. */
async function press(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < 15; tabs++) {
    await page.keyboard.press('Tab');
    const reached = await page.locator(':focus').first().textContent();
    if (reached?.trim() === name) return await page.keyboard.press('Enter');
  }
  throw new Error(`no Tab leads to "${name}"`);
}

const wanted = async (contactId: string) => {
  const { rows } = await sql<{ consent: object; paused: boolean; suppressed: string[] }>`
    select consent, paused_until is not null as paused,
      array(select topic from suppressions where suppressions.address_hash = contacts.address_hash order by 1) as suppressed
    from contacts where id = ${contactId}`.execute(db);
  return rows[0];
};

const words = {
  en: {
    ...{
      yes: 'Yes, write to me',
      confirmed: 'Thank you, it is confirmed',
      choose: 'Choose topics, or pause for a while',
    },
    ...{
      save: 'Save',
      saved: 'Saved. It holds from now on.',
      pause: 'Pause for 30 days',
      paused: 'Your mail is paused until',
    },
    ...{
      resume: 'End the pause',
      over: 'The pause is over.',
      off: 'Turn everything off',
      isOff: 'Everything is off.',
    },
    ...{ leave: 'Unsubscribe', left: 'You are unsubscribed', topic: 'mails on “Product news and advice”' },
  },
  ru: {
    ...{
      yes: 'Да, пишите мне',
      confirmed: 'Спасибо, подтверждено',
      choose: 'Выбрать темы или сделать паузу',
    },
    ...{
      save: 'Сохранить',
      saved: 'Сохранено.',
      pause: 'Пауза на 30 дней',
      paused: 'Письма приостановлены до 23 декабря 2026 года.',
    },
    ...{ resume: 'Закончить паузу', over: 'Пауза закончена.', off: 'Отключить всё', isOff: 'Всё отключено.' },
    ...{ leave: 'Отписаться', left: 'Вы отписаны', topic: 'письма на тему «Новости и советы»' },
  },
};

describe.skipIf(chromiumPath === null)('by keyboard alone, without JavaScript', () => {
  it.each(['en', 'ru'] as const)(
    'a reader confirms, chooses, pauses and turns everything off (%s)',
    async (lang) => {
      const say = words[lang];
      const contactId = await makeReader(lang);
      const path = `/confirm/${sign('confirm', `${contactId}:7`, linkKeys)}`;
      const { page, wrong, close } = await open(browser, origin + path, { javaScriptEnabled: false });
      await look[lang](page, `choices-confirm-${lang}`);
      await press(page, say.yes);
      await page.getByRole('heading', { name: say.confirmed }).waitFor();
      expect((await wanted(contactId))?.consent).toEqual({ marketing: true, events: true });
      await look[lang](page, `choices-confirmed-${lang}`);

      await press(page, say.choose);
      await page.getByRole('button', { name: say.save }).waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await press(page, say.save);
      await page.getByText(say.saved).waitFor();
      expect(await wanted(contactId)).toMatchObject({
        consent: { marketing: false, events: true },
        suppressed: ['marketing'],
      });
      await look[lang](page, `choices-saved-${lang}`);

      await press(page, say.pause);
      await page.getByText(say.paused).waitFor();
      expect((await wanted(contactId))?.paused).toBe(true);
      await look[lang](page, `choices-paused-${lang}`);
      await press(page, say.resume);
      await page.getByText(say.over).waitFor();
      expect((await wanted(contactId))?.paused).toBe(false);

      await press(page, say.off);
      await page.getByText(say.isOff).waitFor();
      expect(await wanted(contactId)).toMatchObject({ consent: { marketing: false, events: false } });
      await look[lang](page, `choices-off-${lang}`);
      const log = (await readConsents(db, contactId)).map(
        ({ topic, what, how }) => `${topic} ${what}: ${how}`,
      );
      expect(log).toEqual([
        'marketing given: event',
        'events asked: event',
        'events confirmed: confirming button',
        'marketing withdrawn: preference page',
        '* withdrawn: preference page',
      ]);
      expect(wrong).toEqual([]);
      await close();
    },
  );

  it.each(['en', 'ru'] as const)('a reader leaves, and finds the way to finer choices (%s)', async (lang) => {
    const say = words[lang];
    const contactId = await makeReader(lang);
    const path = `/u/${sign('unsubscribe', `${contactId}:marketing:7`, linkKeys)}`;
    const { page, wrong, close } = await open(browser, origin + path, { javaScriptEnabled: false });
    await press(page, say.leave);
    await page.getByRole('heading', { name: say.left }).waitFor();
    await page.getByText(say.topic).waitFor();
    await look[lang](page, `choices-left-${lang}`);
    await press(page, say.choose);
    await page.getByRole('button', { name: say.save }).waitFor();
    expect(wrong).toEqual([]);
    await close();
  });
});
