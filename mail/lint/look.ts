// What a reader can read: letters of 14 pixels at least that stand out from their ground, in the light scheme and in the
// dark one that the mail itself declares. Judged on the finished HTML, told at the words that are hard to read.

import { type Colour, contrastOf, over, readColour, tellColour, WHITE } from '../../engine/colour.ts';
import type { Report } from '../codes.ts';
import { type Rule, readRules, type Scheme, stylesOf } from './css.ts';
import type { Check, Draft } from './draft.ts';
import { type Element, readTree } from './tree.ts';

const LEAST_CONTRAST = 4.5;
const LEAST_PIXELS = 14;

/** How the letters of an element look; what it does not say itself is its parent's. */
interface Look {
  readonly colour: Colour;
  readonly ground: Colour;
  readonly pixels: number;
  readonly isHidden: boolean;
  /** A link takes the colour of its surroundings only where somebody says so. */
  readonly isLink: boolean;
  readonly isInLink: boolean;
}

/** Liquid was passed over as letters. */
const tell = (words: string) => words.replace(/x{4,}/g, '…').slice(0, 40);

const START: Look = {
  colour: [0, 0, 0, 1],
  ground: WHITE,
  pixels: 16,
  isHidden: false,
  isLink: false,
  isInLink: false,
};
const LINK_BLUE: Colour = [0, 0, 238, 1];

interface Seen {
  readonly words: string;
  readonly look: Look;
}

export const isReadable: Check<Draft> = (draft, report) => {
  const { root } = readTree(draft.html);
  const rules = readRules(root);
  const light = [...see(root, rules, 'light')];
  const told = new Set<string>();
  for (const seen of light) tellOf(seen, 'light', { ...draft, told }, report);
  if (!rules.some((rule) => rule.scheme === 'dark')) tellOfDark(light, draft, report);
  else for (const seen of see(root, rules, 'dark')) tellOf(seen, 'dark', { ...draft, told }, report);
};

interface Telling {
  readonly told: Set<string>;
  readonly find: Draft['find'];
}

function tellOf({ words, look }: Seen, scheme: Scheme, { told, find }: Telling, report: Report): void {
  const contrast = contrastOf(look.colour, look.ground);
  const pair = `${tellColour(look.colour)} on ${tellColour(look.ground)}`;
  if (contrast < LEAST_CONTRAST && !told.has(`${scheme} ${pair}`)) {
    told.add(`${scheme} ${pair}`);
    const where = scheme === 'dark' ? ' in dark mode' : '';
    report(
      'template-contrast',
      find(words),
      `"${tell(words)}" is ${pair}${where}: a contrast of ${contrast.toFixed(1)}`,
      `At least ${LEAST_CONTRAST} is readable`,
    );
  }
  if (look.pixels >= LEAST_PIXELS || told.has(`${look.pixels}px`)) return;
  told.add(`${look.pixels}px`);
  report(
    'template-small',
    find(words),
    `"${tell(words)}" is ${look.pixels} px high`,
    `At least ${LEAST_PIXELS} px is readable on a phone`,
  );
}

/** Colours of its own, and none for the dark: clients then turn some of them over and leave others. */
function tellOfDark(light: readonly Seen[], { top }: Draft, report: Report): void {
  // A button alone is left as it is.
  const read = light.filter(({ look }) => !look.isInLink);
  if (read.every(({ look }) => tellColour(look.ground) === '#ffffff')) return;
  report(
    'template-dark',
    top,
    'The mail sets grounds of its own and says nothing of dark mode',
    '@media (prefers-color-scheme: dark) { … } in an <mj-style>, and <meta name="color-scheme" content="light dark">',
  );
}

function* see(of: Element, rules: readonly Rule[], scheme: Scheme, look: Look = START): Generator<Seen> {
  for (const child of of.children) {
    if ('tag' in child) {
      if (['head', 'style', 'script', 'title'].includes(child.tag)) continue;
      yield* see(child, rules, scheme, lookOf(child, look, rules, scheme));
      continue;
    }
    const words = child.text
      .replace(/&(#\d+|[a-z]+);/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const isShown = words !== '' && !look.isHidden && look.pixels > 1;
    // Nobody has said what colour a link has in the dark: each client has one of its own that fits.
    if (isShown && !(look.isLink && scheme === 'dark')) yield { words, look };
  }
}

function lookOf(element: Element, from: Look, rules: readonly Rule[], scheme: Scheme): Look {
  const styles = stylesOf(element, rules, scheme);
  const said = (...properties: string[]) =>
    styles.findLast((one) => properties.includes(one.property))?.value ?? null;
  const ground = readColour(
    said('background', 'background-color') ?? element.attributes.get('bgcolor') ?? '',
  );
  const own = readColour(said('color') ?? '');
  const isBareLink = element.tag === 'a' && own === null;
  return {
    colour: own ?? (isBareLink ? LINK_BLUE : from.colour),
    ground: ground === null ? from.ground : over(ground, from.ground),
    pixels: pixelsOf(said('font-size'), from.pixels),
    isHidden: from.isHidden || said('display') === 'none' || said('visibility') === 'hidden',
    isInLink: from.isInLink || element.tag === 'a',
    isLink: isBareLink || (from.isLink && own === null),
  };
}

function pixelsOf(value: string | null, parent: number): number {
  const [, number, unit] = /^([\d.]+)(px|pt|em|rem|%)?$/.exec(value ?? '') ?? [];
  const size = Number(number);
  if (number === undefined || !Number.isFinite(size)) return parent;
  const scales: Readonly<Record<string, number>> = { pt: 4 / 3, em: parent, rem: 16, '%': parent / 100 };
  return Math.round(size * (scales[unit ?? 'px'] ?? 1) * 10) / 10;
}
