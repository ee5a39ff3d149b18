// The frame that every chart stands in: an SVG of its own, with title and description for who cannot see it, readable on
// light and dark. Colours are attributes, so that mail images and pages with a strict policy show them too; `auto` adds
// one style that turns them over where the reader's system is dark. No script, no font from outside, no link.

export type Theme = 'light' | 'dark' | 'auto';
export interface ChartFrame {
  /** Unique on its page, [a-z][a-z0-9-]*: names its title and description, and keeps its style to itself. */
  readonly id: string;
  /** What it shows, in a line; printed on top. */
  readonly title: string;
  /** What a reader would say it says, with the figures: the alternative text. */
  readonly description: string;
  readonly theme?: Theme;
  /** In CSS pixels. Draw a second, narrow one for a phone: a scaled one cannot be read. */
  readonly width?: number;
}

/** A colour by its part, so that both themes stay in step. */
export type Ink = 'surface' | 'text' | 'muted' | 'grid' | 'main' | 'pale' | 'warn' | 'soft' | 'onFill';
type Palette = { readonly [ink in Ink]: string };

/** Texts reach a contrast of 4.5 on the surface, marks 3 (WCAG 2.2); blue and orange stay apart for the colour-blind. */
const LIGHT: Palette = {
  surface: '#ffffff',
  text: '#1a1d21',
  muted: '#59626e',
  grid: '#e2e6eb',
  main: '#2563b8',
  pale: '#d5e3f6',
  warn: '#c2410c',
  soft: '#8a93a0',
  onFill: '#ffffff',
};
const DARK: Palette = {
  surface: '#15181c',
  text: '#eef1f4',
  muted: '#a7b0bb',
  grid: '#2d333b',
  main: '#6ea8fe',
  pale: '#23395a',
  warn: '#fb923c',
  soft: '#7d8794',
  onFill: '#101214',
};
export const DEFAULT_WIDTH = 640;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

/** The attributes of a mark in these inks; without a fill it has none. */
export type Paint = (inks: { readonly fill?: Ink; readonly stroke?: Ink }) => string;

/** The whole SVG. `draw` gets the paint and the y under the title, and answers its marks and where they end. */
export function frame(
  { id, title, description, theme = 'auto', width = DEFAULT_WIDTH }: ChartFrame,
  draw: (paint: Paint, top: number) => { readonly marks: string; readonly bottom: number },
): string {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new RangeError(`a chart's id reads [a-z][a-z0-9-]*, not "${id}"`);
  const palette = theme === 'dark' ? DARK : LIGHT;
  const paint: Paint = ({ fill, stroke }) => {
    const classes = [fill && `f-${fill}`, stroke && `s-${stroke}`].filter(Boolean).join(' ');
    const border = stroke ? ` stroke="${palette[stroke]}"` : '';
    return `class="${classes}" fill="${fill ? palette[fill] : 'none'}"${border}`;
  };
  const lines = wrapText(title, width - 32, 15 * BOLD);
  const heading = lines
    .map(
      (line, i) =>
        `<text x="16" y="${28 + 20 * i}" font-size="15" font-weight="600" ${paint({ fill: 'text' })}>${escapeText(line)}</text>`,
    )
    .join('');
  const { marks, bottom } = draw(paint, 20 + 20 * lines.length);
  const height = Math.ceil(bottom + 16);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" role="img" aria-labelledby="${id}-title ${id}-desc" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">` +
    `<title id="${id}-title">${escapeText(title)}</title><desc id="${id}-desc">${escapeText(description)}</desc>` +
    `${theme === 'auto' ? darkStyle(id) : ''}` +
    `<rect width="${width}" height="${height}" rx="8" ${paint({ fill: 'surface' })}/>${heading}${marks}</svg>`
  );
}

function darkStyle(id: string): string {
  const rules = Object.entries(DARK).flatMap(([ink, colour]) => [
    `#${id} .f-${ink}{fill:${colour}}`,
    `#${id} .s-${ink}{stroke:${colour}}`,
  ]);
  return `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
}

export function escapeText(text: string): string {
  // XML has no way to hold other control characters; a chart without them beats one that does not open.
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** Bold letters are wider by so much. */
export const BOLD = 1.12;

/** Widths in ems, of the widest font of the list (DejaVu Sans); all other letters take 0.62. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ .,:;'’|!ijlt()[\]]/, 0.38],
  [/[WMwmШЩЖЮшщжюмы%@—]/, 0.96],
  [/[A-ZА-ЯЁ€₽]/, 0.76],
  [/[⺀-鿿\u{10000}-\u{10ffff}]/u, 1.1],
];

/** An estimate of width that errs on the wide side: there is no font to measure with. */
export function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const letter of text) ems += WIDTHS.find(([of]) => of.test(letter))?.[1] ?? 0.62;
  return ems * size;
}

/** Cuts what does not fit, with an ellipsis. */
export function fitText(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Lines that fit, broken between words; a word that is too long alone is cut. */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, size) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => fitText(line, width, size));
}

/** Two decimals are finer than any screen. */
export function round(x: number): string {
  return String(Math.round(x * 100) / 100);
}
