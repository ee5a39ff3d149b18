// The colours of a company's mails: the few that policy.yaml says, and all that follow from them, so that one accent is
// enough. Templates name them as `brand(accent)`, in colours and styles; they are written in when a template is compiled.
import { type Colour, contrastOf, mix, mixUntil, readColour, tellColour, WHITE } from './colour.ts';
import type { Brand } from './policy.ts';

const BLACK: Colour = [0, 0, 0, 1];
const GREY: Colour = [128, 128, 128, 1];
/** Small letters beneath a mail, on its background: what a background has to bear. */
const QUIET: Colour = [79, 88, 92, 1];
const CARD_DARK: Colour = [27, 31, 33, 1];
export const leastContrast = 4.5;

/** As `brand(...)` may name them, each as `#1a2b3c`. */
export const paletteNames = [
  ...(['accent', 'hero', 'kicker', 'tint', 'background'] as const),
  ...(['accent-dark', 'on-accent-dark', 'background-dark', 'card-dark', 'tint-dark'] as const),
] as const;
export type Palette = { readonly [name in (typeof paletteNames)[number]]: string };

/** What is not said follows from the accent; without one the mails are a dark green. */
export function paletteOf(brand: Brand): Palette {
  const accent = colourOf(brand.accent) ?? [15, 95, 86, 1];
  const accentDark = colourOf(brand.accentDark) ?? brightened(accent);
  // A light accent is darkened until a white title stands well on it, a dark one a little.
  const hero = mixUntil(mix(accent, BLACK, 0.3), BLACK, WHITE, 9);
  const colours: { readonly [name in keyof Palette]: Colour } = {
    accent,
    hero,
    kicker: mixUntil(mix(accent, WHITE, 0.6), WHITE, hero, 6.5),
    tint: mix(accent, WHITE, 0.93),
    background: colourOf(brand.background) ?? mix(mix(accent, GREY, 0.6), WHITE, 0.87),
    'accent-dark': accentDark,
    'on-accent-dark': mix(accentDark, BLACK, 0.85),
    'background-dark': mix(CARD_DARK, BLACK, 0.4),
    'card-dark': CARD_DARK,
    'tint-dark': mix(CARD_DARK, accentDark, 0.1),
  };
  return Object.fromEntries(Object.entries(colours).map(([name, one]) => [name, tellColour(one)])) as Palette;
}

export interface Unreadable {
  readonly key: 'accent' | 'accent_dark' | 'background';
  readonly message: string;
  /** The nearest that would do. */
  readonly better: string;
}

/** What a reader could not read: the accent is a button's ground and the colour of links, in both schemes. */
export function unreadableOf(brand: Brand): Unreadable[] {
  const [accent, accentDark, background] = [brand.accent, brand.accentDark, brand.background].map(colourOf);
  const found: Unreadable[] = [];
  const check = (
    key: Unreadable['key'],
    colour: Colour | null | undefined,
    { against, towards, what }: { against: Colour; towards: Colour; what: string },
  ) => {
    if (colour === null || colour === undefined) return;
    const contrast = contrastOf(colour, against);
    if (contrast >= leastContrast) return;
    const better = tellColour(mixUntil(colour, towards, against, leastContrast));
    found.push({
      key,
      message: `${what} ${tellColour(colour)} have a contrast of ${contrast.toFixed(1)}`,
      better,
    });
  };
  check('accent', accent, { against: WHITE, towards: BLACK, what: 'white letters on' });
  const dark = { against: CARD_DARK, towards: WHITE, what: 'on the dark ground letters in' };
  check('accent_dark', accentDark, dark);
  check('background', background, { against: QUIET, towards: WHITE, what: 'the small grey letters on' });
  return found;
}

/** As bright as its hue can be, before any white is mixed in: what is merely mixed looks washed out. */
function brightened(colour: Colour): Colour {
  const brightest = Math.max(...colour.slice(0, 3), 1);
  const [r, g, b] = colour;
  const scaled = (top: number): Colour => [
    (r * top) / brightest,
    (g * top) / brightest,
    (b * top) / brightest,
    1,
  ];
  for (let top = brightest; top <= 225; top += 5)
    if (contrastOf(scaled(top), CARD_DARK) >= 6) return mix(scaled(top), WHITE, 0.2);
  return mixUntil(scaled(Math.max(brightest, 225)), WHITE, CARD_DARK, 6.5);
}

function colourOf(hex: string | null): Colour | null {
  return hex === null ? null : readColour(hex);
}
