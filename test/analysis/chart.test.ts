import { describe, expect, it } from 'vitest';
import { escapeText, fitText, type Theme, widthOf } from '../../analysis/chart.ts';
import { drawBars } from '../../analysis/chart-bars.ts';
import { drawFunnel } from '../../analysis/chart-funnel.ts';
import { drawLines } from '../../analysis/chart-line.ts';
import { drawNps, sharesOf } from '../../analysis/chart-nps.ts';
import { scaleOf } from '../../analysis/scale.ts';

const hostile =
  '<script>alert("x")</script> & \u0000 \u{1F600} очень длинное название стадии, которое никуда не помещается';
const score = { value: 38.7, low: 30.2, high: 46.4 };

/** Every kind of chart, with `text` in every place that takes words. */
function drawAll(text: string, theme: Theme, width: number): string[] {
  const base = { id: 'c-1', title: text, description: `${text}, in words`, theme, width };
  const points = [
    { value: 1, low: 0.5, high: 2 },
    { value: null },
    { value: 3, low: 2, high: 5 },
    { value: 4 },
  ];
  return [
    drawBars({
      ...base,
      bars: [
        { label: text, value: 3, low: 2, high: 9, text },
        { label: text, value: -1, text: '-1', isMarked: true },
        { label: text, value: null, text },
      ],
    }),
    drawLines({
      ...base,
      periods: [text, 'b', 'c', 'd'],
      format: (v) => `${v} ${text}`.slice(0, 12),
      lines: [
        { name: text, points, forecastFrom: 2 },
        { name: 'b', points },
        { name: 'c', points },
      ],
    }),
    drawFunnel({
      ...base,
      stages: [
        { label: text, count: 100, onward: text, isBottleneck: true },
        { label: text, count: 0, onward: null, text },
        { label: text, count: 0 },
      ],
    }),
    drawNps({
      ...base,
      answers: [0, 0, 1, 0, 0, 2, 0, 3, 0, 1, 900],
      score,
      said: text,
      detractors: text,
      passives: text,
      promoters: text,
    }),
    drawNps({
      ...base,
      answers: new Array(11).fill(0),
      score: null,
      said: text,
      detractors: text,
      passives: text,
      promoters: text,
    }),
  ];
}

/** Fails on anything that is not well-formed; answers the elements in order with their attributes. */
function parseSvg(svg: string): { name: string; attributes: { [name: string]: string } }[] {
  const open: string[] = [];
  const found: { name: string; attributes: { [name: string]: string } }[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<>]+)/g,
    (_, close, name, inside, empty, text) => {
      if (text !== undefined) {
        expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
        return '';
      }
      if (close) expect(open.pop()).toBe(name);
      else {
        const pairs = [...inside.matchAll(/([\w:-]+)="([^"]*)"/g)].map((m): [string, string] => [m[1], m[2]]);
        expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
        found.push({ name, attributes: Object.fromEntries(pairs) });
        if (!empty) open.push(name);
      }
      return '';
    },
  );
  expect(rest).toBe('');
  expect(open).toEqual([]);
  return found;
}

/** The colour of each class. */
function coloursOf(svgs: readonly string[]): Map<string, string> {
  const marks = svgs.flatMap((svg) => parseSvg(svg).map(({ attributes }) => attributes));
  return new Map(
    marks.flatMap(({ class: classes = '', fill = '', stroke = '' }) =>
      classes.split(' ').map((name): [string, string] => [name, name.startsWith('f-') ? fill : stroke]),
    ),
  );
}

function contrast(a: string, b: string): number {
  const light = (colour: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const c = Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
      return sum + weight * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [x, y] = [light(a), light(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

describe('every chart', () => {
  const themes: Theme[] = ['light', 'dark', 'auto'];
  it.each(themes.flatMap((theme) => [320, 640, 1000].map((width) => [theme, width] as const)))(
    'is well-formed, %s at %d pixels, whatever the words',
    (theme, width) => {
      for (const text of ['Funnel', hostile, '', 'Слово'])
        for (const svg of drawAll(text, theme, width)) {
          const elements = parseSvg(svg);
          expect(svg).not.toMatch(/<script|NaN|Infinity|undefined|null|href|url\(/);
          for (const { name, attributes } of elements) {
            if (name !== 'text') continue;
            expect(Number(attributes.x)).toBeGreaterThanOrEqual(0);
            expect(Number(attributes.x)).toBeLessThanOrEqual(width);
          }
        }
    },
  );

  it('names its title and description for who cannot see it', () => {
    for (const svg of drawAll('Funnel', 'auto', 640)) {
      const [root] = parseSvg(svg);
      expect(root?.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'c-1-title c-1-desc' });
      expect(svg).toContain(
        '<title id="c-1-title">Funnel</title><desc id="c-1-desc">Funnel, in words</desc>',
      );
    }
  });

  it('turns every colour over where the system is dark, and only its own', () => {
    for (const svg of drawAll('Funnel', 'auto', 640)) {
      const style = /<style>(.*)<\/style>/.exec(svg)?.[1] ?? '';
      const used = parseSvg(svg).flatMap(({ attributes }) => attributes.class?.split(' ') ?? []);
      for (const name of new Set(used)) expect(style).toContain(`#c-1 .${name}{`);
    }
    expect(drawAll('Funnel', 'light', 640).join('')).not.toContain('<style');
  });

  it.each(['light', 'dark'] as const)('keeps texts at a contrast of 4.5 and marks at 3, %s', (theme) => {
    const colours = coloursOf(drawAll('Funnel', theme, 640));
    const surface = colours.get('f-surface') ?? '';
    for (const ink of ['f-text', 'f-muted', 'f-warn'])
      expect(contrast(colours.get(ink) ?? '', surface)).toBeGreaterThan(4.5);
    for (const ink of ['f-main', 'f-soft', 's-soft'])
      expect(contrast(colours.get(ink) ?? '', surface)).toBeGreaterThan(3);
    // The funnel's words stand on the pale part, which is more than half see-through.
    expect(contrast(colours.get('f-text') ?? '', colours.get('f-pale') ?? '')).toBeGreaterThan(4.5);
    expect(contrast(colours.get('f-warn') ?? '', colours.get('f-pale') ?? '')).toBeGreaterThan(3);
  });

  it('refuses an id that could break out of its style', () => {
    const base = { title: 't', description: 'd', bars: [] };
    expect(() => drawBars({ ...base, id: 'a{}' })).toThrow(/id reads/);
    expect(parseSvg(drawBars({ ...base, id: 'empty' })).length).toBeGreaterThan(2);
  });
});

describe('the marks', () => {
  const rects = (svg: string) =>
    parseSvg(svg)
      .filter(({ name }) => name === 'rect')
      .map(({ attributes }) => attributes);

  it('of a funnel are as long as their numbers', () => {
    const svg = drawFunnel({
      id: 'f',
      title: 't',
      description: 'd',
      width: 632,
      stages: [1_000, 500, 100].map((count) => ({ label: 'x', count })),
    });
    expect(
      rects(svg)
        .slice(1)
        .map(({ width }) => Number(width)),
    ).toEqual([600, 300, 60]);
  });

  it('of bars start at zero on both sides', () => {
    const svg = drawBars({
      id: 'b',
      title: 't',
      description: 'd',
      width: 432,
      theme: 'light',
      bars: [
        { label: 'up', value: 30, text: '30' },
        { label: 'down', value: -10, text: '-10' },
      ],
    });
    const bodies = rects(svg).filter((one) => one.class === 'f-main');
    expect(bodies.map(({ x, width }) => [Number(x), Number(width)])).toEqual([
      [116, 300],
      [16, 100],
    ]);
  });

  it('of NPS place the score on its scale', () => {
    const svg = drawNps({
      id: 'n',
      title: 't',
      description: 'd',
      width: 456,
      answers: new Array(11).fill(5),
      score: { value: 0, low: -50, high: 50 },
      said: 's',
      detractors: 'd',
      passives: 'p',
      promoters: 'q',
    });
    const band = rects(svg).find((one) => one['fill-opacity'] === '0.5');
    expect([Number(band?.x), Number(band?.width)]).toEqual([128, 200]);
  });

  it('of a line break where nothing is known', () => {
    const svg = drawLines({
      id: 'l',
      title: 't',
      description: 'd',
      periods: ['a', 'b', 'c', 'd', 'e'],
      format: String,
      lines: [{ name: 'n', points: [1, 2, null, 3, 4].map((value) => ({ value })) }],
    });
    expect(parseSvg(svg).filter(({ name }) => name === 'path')).toHaveLength(2);
    expect(() =>
      drawLines({
        id: 'l',
        title: 't',
        description: 'd',
        periods: [],
        format: String,
        lines: new Array(4).fill({ name: 'n', points: [] }),
      }),
    ).toThrow(/3 lines/);
  });
});

describe('words and numbers', () => {
  it('are cut with an ellipsis, and escaped', () => {
    expect(fitText('short', 100, 13)).toBe('short');
    const cut = fitText('a very long label indeed', 60, 13);
    expect(cut).toMatch(/…$/);
    expect(widthOf(cut, 13)).toBeLessThanOrEqual(60);
    expect(escapeText('a<b & "c"\u0007')).toBe('a&lt;b &amp; &quot;c&quot;');
  });

  it.each([
    [0, 97, [0, 50, 100]],
    [0, 1, [0, 0.5, 1]],
    [-3, 12, [-5, 0, 5, 10, 15]],
    [0, 0, [0, 0.5, 1]],
  ])('get round ticks from %d to %d', (low, high, ticks) => {
    expect(scaleOf(low, high, 0, 100).ticks).toEqual(ticks);
  });

  it('are shares of the three groups, or none', () => {
    expect(sharesOf([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2])).toEqual({
      detractors: 0.25,
      passives: 0.25,
      promoters: 0.5,
    });
    expect(sharesOf(new Array(11).fill(0))).toBeNull();
  });
});
