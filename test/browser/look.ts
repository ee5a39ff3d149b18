// Looks at a page as a reader would, wide and narrow, light and dark: nothing overflows, no text is too faint to read
// (WCAG 1.4.3: 4.5 to 1, large text 3 to 1), nothing is too small to press (44 px, as WCAG 2.5.5 asks). PICTURES=folder
// keeps what it saw.
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

const pictures = process.env.PICTURES;
const views = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);
/** What a browser says of a mail that tries what it may not, and of a page that is not there or refuses. */
const expected = /sandboxed and the 'allow-scripts'|tracker\.example|status of 4\d\d/;

export async function open(browser: Browser, url: string, settings: object = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en',
    reducedMotion: 'reduce',
    ...settings,
  });
  const page = await context.newPage();
  const wrong: string[] = [];
  const note = (text: string) => expected.test(text) || wrong.push(text);
  page.on('console', (said) => said.type() === 'error' && note(said.text()));
  page.on('pageerror', (error) => note(error.message));
  await page.goto(url);
  return { page, wrong, close: () => context.close() };
}

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

export async function lookAt(page: Page, name: string): Promise<void> {
  for (const { width, colorScheme } of views) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${width}-${colorScheme}`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect.soft(overflow, `${width} px`).toBeLessThanOrEqual(0);
    expect.soft(await page.evaluate(findFaint), `${width} px, ${colorScheme}`).toEqual([]);
    expect.soft(await page.evaluate(findSmall), `${width} px`).toEqual([]);
  }
}

const findFaint = `(() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const ground = parse(getComputedStyle(one).backgroundColor);
      if (ground.length === 3 || ground[3] === 1) return ground;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text === '' || /^(SCRIPT|STYLE)$/.test(element.tagName) || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parse(style.color)), light(groundOf(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(text.slice(0, 40) + ': ' + ratio.toFixed(2));
    if (size < 13) faint.push(text.slice(0, 40) + ': ' + size + 'px');
  }
  return faint;
})()`;

const findSmall = `[...document.querySelectorAll('button, input:not([type=hidden]):not([type=checkbox]):not(.choice input), textarea, .choice, .nav a, .tabs a, .mails a, .button')]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([one, box]) => one.outerHTML.slice(0, 60) + ': ' + box.width + ' x ' + box.height)`;
