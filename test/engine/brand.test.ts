// One accent makes all colours of a mail: whatever accent lint lets pass, every pair that stands on each other is readable.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastContrast, paletteOf, unreadableOf } from '../../engine/brand.ts';
import { contrastOf, readColour, tellColour, WHITE } from '../../engine/colour.ts';

const hex = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map(([r, g, b]) => tellColour([r, g, b, 1]));
const none = { accent: null, accentDark: null, background: null, logo: null };
const between = (one: string, other: string) =>
  contrastOf(readColour(one) ?? WHITE, readColour(other) ?? WHITE);

describe('the colours of a brand', () => {
  it('are readable on each other, for every accent that is let pass', () => {
    fc.assert(
      fc.property(hex, (accent) => {
        const brand = { ...none, accent };
        fc.pre(unreadableOf(brand).length === 0);
        const colours = paletteOf(brand);
        const pairs = [
          ['#ffffff', colours.accent],
          ['#ffffff', colours.hero],
          [colours.kicker, colours.hero],
          ['#33393c', colours.tint],
          ['#4f585c', colours.background],
          [colours['accent-dark'], colours['card-dark']],
          [colours['on-accent-dark'], colours['accent-dark']],
          ['#d8dddf', colours['tint-dark']],
        ] as const;
        for (const [letters, ground] of pairs)
          expect(between(letters, ground), `${letters} on ${ground}`).toBeGreaterThanOrEqual(leastContrast);
      }),
      { numRuns: 500 },
    );
  });

  it('that are hard to read are refused with one near them that is not', () => {
    fc.assert(
      fc.property(hex, hex, hex, (accent, accentDark, background) => {
        const found = unreadableOf({ ...none, accent, accentDark, background });
        const better = Object.fromEntries(found.map((one) => [one.key, one.better]));
        const mended = {
          ...none,
          accent: better.accent ?? accent,
          accentDark: better.accent_dark ?? accentDark,
          background: better.background ?? background,
        };
        expect(unreadableOf(mended)).toEqual([]);
      }),
    );
  });

  it('are taken as they are said', () => {
    const said = { ...none, accent: '#2b5cd9', accentDark: '#8fb0ff', background: '#f4f4f4' };
    expect(paletteOf(said)).toMatchObject({
      accent: '#2b5cd9',
      'accent-dark': '#8fb0ff',
      background: '#f4f4f4',
    });
  });
});
