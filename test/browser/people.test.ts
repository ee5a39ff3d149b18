// What is asked of people, in Chromium: the survey's mail with its scale, the page behind it and its thanks, and the page of a
// task. Wide and narrow, light and dark, with images and JavaScript off, and by keyboard alone; each answer is looked for
// in the ledger.
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSurvey } from '../../db/surveys.ts';
import { readTask } from '../../db/tasks.ts';
import { makeTasks } from '../../db/tasks-make.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { builtInFacts } from '../../engine/facts.ts';
import { compose } from '../../mail/compose.ts';
import { compileTemplates } from '../../mail/library.ts';
import { markDelivery, surveyLink, taskLink } from '../../mail/marks.ts';
import { chooseLocale, toSummaries } from '../../mail/template.ts';
import { readFiles } from '../content/shipped.ts';
import { chromiumPath, openBrowser } from '../harness/browser.ts';
import { hourMs, monday } from '../harness/factories.ts';
import { makeContacts } from '../harness/ledger.ts';
import { linkKeys, openWeb } from '../harness/web.ts';
import { lookAt, open, picture } from './look.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const wanted = /(^|\/)(nps|layouts|partials)[./]/;
const { templates } = await compileTemplates(
  readFiles('templates', '.mjml').filter(({ path }) => wanted.test(path)),
);
const surveys = readFiles('workflows', '.yaml').filter(({ path }) => path === 'surveys.yaml');
const shipped = { ...readCatalogue(surveys, toSummaries(templates)).catalogue, facts: builtInFacts };
const { server, db } = await openWeb({ catalogue: async () => shipped });
await makeContacts(db, 2, { dueAt: null });
await sql`update contacts set locale = case id when 2 then 'ru' else 'en' end`.execute(db);

let browser: Browser;
const house = { publicUrl: '', domain: 'acme.example', bounceDomain: null, keys: linkKeys };
beforeAll(async () => {
  if (chromiumPath === null) return;
  browser = await openBrowser();
  await server.listen({ port: 0, host: '127.0.0.1' });
  house.publicUrl = `http://localhost:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => browser?.close());

let count = 0;
let asking = '';
/** The mail of an asking, as it leaves. */
async function ask(contactId: '1' | '2', isReminder = false): Promise<string> {
  count += 1;
  const of = { contactId, dealId: null, runId: '9', workflow: 'nps', node: 'ask', survey: 'nps' };
  asking = await openSurvey(db, { ...of, id: String(count), now: monday });
  const locale = contactId === '2' ? 'ru' : 'en';
  const template = chooseLocale(templates, 'nps', locale);
  const asked = shipped.questions.nps;
  if (template === null || asked === undefined) throw new Error('nps is not shipped');
  const text = (texts: { readonly [locale: string]: string }) => texts[locale] ?? '';
  const survey = {
    question: text(asked.question),
    low: text(asked.low),
    high: text(asked.high),
    reminder: isReminder,
  };
  const company = { company: 'Acme Pumps', address: '12 Harbour Street, 1010 Vienna', logo: null };
  const from = { name: 'Acme Pumps', address: 'hello@acme.example' };
  const message = compose({
    template,
    facts: { contact: { id: 'c', email: 'anna@acme.example', first_name: 'Anna', locale }, deal: null },
    marks: markDelivery({ id: '1', contactId, topic: null }, house),
    own: { survey, links: { survey: surveyLink(asking, house) } },
    identity: { ...company, from, replyTo: null, domain: 'acme.example' },
    delivery: { workflow: 'nps', node: 'ask' },
    now: monday,
  });
  if ('is' in message) throw new Error(message.why);
  return message.html;
}
const answers = async () => {
  const rows = db.selectFrom('survey_answers').select(['score', 'comment']).where('send_id', '=', asking);
  return await rows.orderBy('id').execute();
};

/** The mail in a browser, as a mail program shows it: no pictures. */
async function openMail(html: string, settings: object = {}) {
  const opened = await open(browser, 'about:blank', settings);
  await opened.page.route('**/*', (route) => {
    if (route.request().resourceType() === 'image') return route.abort();
    return route.request().url().endsWith('/mail')
      ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
      : route.continue();
  });
  await opened.page.goto(`${house.publicUrl}/mail`);
  return opened;
}
/** The page that follows has no form any more. */
const isThanked = (page: Page) => page.locator('form').waitFor({ state: 'detached' });

async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`${selector} cannot be come to by Tab`);
}

describe.skipIf(chromiumPath === null)('a survey', () => {
  it.each(['1', '2'] as const)(
    'has a scale in its mail that can be pressed, without pictures (contact %s)',
    async (id) => {
      const { page, close } = await openMail(await ask(id, id === '2'));
      for (const width of [1280, 390, 320])
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await picture(page, `survey-mail-${id}-${width}-${colorScheme}`);
          const boxes = await page
            .locator('p.scale a')
            .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
          expect(boxes).toHaveLength(11);
          for (const box of boxes) {
            expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
            expect(box.left).toBeGreaterThanOrEqual(0);
            expect(box.right).toBeLessThanOrEqual(width);
          }
          const isApart = boxes.every((one, i) =>
            boxes.slice(i + 1).every((other) => one.right <= other.left || one.bottom <= other.top),
          );
          expect(isApart).toBe(true);
        }
      await close();
    },
  );

  it.each([
    ['9', 'wide', { viewport: { width: 1280, height: 900 } }, 'forward our mail'],
    ['8', 'narrow', { viewport: { width: 390, height: 844 }, hasTouch: true }, 'ten'],
    ['2', 'without JavaScript', { javaScriptEnabled: false }, 'sorry'],
  ])('is answered with %s, %s, from the mail to the thanks', async (score, _, settings, words) => {
    const { page, wrong, close } = await openMail(await ask('1'), settings);
    await page.locator('p.scale a', { hasText: new RegExp(`^${score}$`) }).click();
    expect(await page.locator('input[name=score]:checked').inputValue()).toBe(score);
    expect(await answers()).toEqual([]);
    await page.locator('textarea').fill('Because of the valves');
    await page.locator('button').click();
    await isThanked(page);
    expect(await answers()).toEqual([{ score: Number(score), comment: 'Because of the valves' }]);
    expect((await page.locator('main').innerText()).toLowerCase()).toContain(words.toLowerCase());
    expect(wrong).toEqual([]);
    await close();
  });

  it.each([true, false])(
    'is answered by keyboard alone, and changed (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const { page, close } = await openMail(await ask('2'), { javaScriptEnabled });
      await tabTo(page, 'a[href*="score=3"]');
      await page.keyboard.press('Enter');
      await page.locator('fieldset').waitFor();
      await tabTo(page, 'input[value="3"]');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('input[name=score]:checked').inputValue()).toBe('4');
      await picture(page, `survey-keyboard-${javaScriptEnabled}`);
      await tabTo(page, 'textarea');
      await page.keyboard.type('Долго ждали');
      await tabTo(page, 'button');
      await page.keyboard.press('Enter');
      await isThanked(page);
      await page.goto(`${surveyLink(asking, house)}?score=10`);
      await tabTo(page, 'button');
      await page.keyboard.press('Enter');
      await isThanked(page);
      expect((await answers()).map((one) => one.score)).toEqual([4, 10]);
      await close();
    },
  );

  it('its page and its three thanks are whole and readable, wide and narrow, light and dark', async () => {
    await ask('1');
    const { page, wrong, close } = await open(browser, `${surveyLink(asking, house)}?score=7`);
    await lookAt(page, 'survey');
    for (const [score, name] of [
      [3, 'detractor'],
      [8, 'passive'],
      [10, 'promoter'],
    ] as const) {
      await page.goto(`${surveyLink(asking, house)}?score=${score}`);
      await page.locator('button').click();
      await isThanked(page);
      await lookAt(page, `survey-thanks-${name}`);
    }
    await ask('2');
    await page.goto(surveyLink(asking, house));
    await lookAt(page, 'survey-ru');
    expect(wrong).toEqual([]);
    await close();
  });
});

describe.skipIf(chromiumPath === null)('a task', () => {
  let url = '';
  let id = '';
  beforeEach(async () => {
    count += 1;
    const dueAt = monday + 4 * hourMs;
    const rule = {
      ...{ assign: { to: 'person' as const, person: 'olga' }, due: 'PT4H', remind: [], overdue: null },
      outcomes: ['reached', 'not-now', 'wrong-person'],
    };
    const choice = {
      by: 'first' as const,
      team: null,
      candidates: [{ person: 'olga', dueAt, lookAt: dueAt }],
    };
    const notes = 'What made you look just now?\nWho else decides, by when, and is there money for it?';
    const of = {
      key: `t-${count}`,
      deliveryId: null,
      contactId: '1',
      dealId: null,
      run: null,
      by: 'api',
      dueAt,
    };
    const [made] = await makeTasks(
      db,
      [{ ...of, title: 'Call Anna of Acme Pumps', notes, rule, choice }],
      monday,
    );
    id = made?.id ?? '';
    url = taskLink(id, 'olga', house);
  });

  it('its page is whole and readable, open and done, wide and narrow, light and dark', async () => {
    const { page, wrong, close } = await open(browser, url);
    await lookAt(page, 'task');
    await page.getByRole('button', { name: 'One business day later' }).click();
    await page.getByRole('status').waitFor();
    await lookAt(page, 'task-later');
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('status').waitFor();
    await lookAt(page, 'task-done');
    expect(await readTask(db, id)).toMatchObject({ state: 'done', outcome: 'not-now' });
    expect(wrong).toEqual([]);
    await close();
  });

  it.each([true, false])('is closed by keyboard alone (JavaScript: %s)', async (javaScriptEnabled) => {
    const { page, close } = await open(browser, url, { javaScriptEnabled });
    await tabTo(page, 'button[value="done reached"]');
    await picture(page, `task-keyboard-${javaScriptEnabled}`);
    await page.keyboard.press('Enter');
    await page.getByText('It is done.').waitFor();
    expect(await readTask(db, id)).toMatchObject({ state: 'done', outcome: 'reached' });
    await close();
  });
});
