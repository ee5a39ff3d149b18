import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawBars } from '../../analysis/chart-bars.ts';
import { drawFunnel } from '../../analysis/chart-funnel.ts';
import { drawLines } from '../../analysis/chart-line.ts';
import { drawNps } from '../../analysis/chart-nps.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const words = [
  'Purchase',
  'Возражения и закрытие сделки',
  'WWWWMMMM MMMWWW %%%',
  'A very long label that should not fit into any place that was reserved for it, really',
];

function drawAll(text: string, width: number): string[] {
  const base = { id: 'a', title: text, description: text, width };
  const bars = [
    { label: text, value: 3, low: 1, high: 5, text },
    { label: text, value: -2, text: '12 (3 to 4)' },
  ];
  const stages = [
    { label: text, count: 100_000, onward: text, isBottleneck: true },
    { label: text, count: 3, text },
  ];
  const lines = [
    { name: text, points: [{ value: 1 }, { value: 200 }] },
    { name: text, points: [] },
  ];
  return [
    drawBars({ ...base, bars }),
    drawFunnel({ ...base, stages }),
    drawLines({
      ...base,
      lines,
      periods: Array.from({ length: 24 }, (_, i) => `${text.slice(0, 9)} ${i}`),
      format: (value) => `${value} тыс. ₽`,
    }),
    drawNps({
      ...base,
      answers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12_345],
      score: { value: 90, low: 80, high: 100 },
      said: text,
      detractors: text,
      passives: text,
      promoters: text,
    }),
  ];
}

/** In the page: texts that leave the chart, and pairs that lie on each other. */
const FIND_CLASHES = `(() => {
  const svg = document.querySelector('svg');
  const { width, height } = svg.viewBox.baseVal;
  const texts = [...svg.querySelectorAll('text')].map((one) => ({ text: one.textContent, box: one.getBBox() }));
  const out = texts.filter(({ box: b }) => b.x < 0 || b.y < 0 || b.x + b.width > width || b.y + b.height > height);
  const pairs = texts.flatMap(({ text, box: a }, i) =>
    texts.slice(i + 1).filter(({ box: b }) =>
      Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 &&
      Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 4,
    ).map((other) => text + ' / ' + other.text),
  );
  return [...out.map(({ text }) => text), ...pairs];
})()`;

describe.skipIf(!existsSync(executablePath))('charts in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());

  it.each([320, 360, 640, 900])('keep their texts inside and apart at %d pixels', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    for (const svg of words.flatMap((text) => drawAll(text, width))) {
      await page.setContent(`<body style="margin:0">${svg}`);
      expect(await page.evaluate(FIND_CLASHES)).toEqual([]);
    }
    await page.close();
  });

  it('turn dark with the reader', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.setContent(drawAll('Purchase', 640)[0] ?? '');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('svg > rect')).fill`)).toBe(
      'rgb(21, 24, 28)',
    );
    await page.close();
  });
});
