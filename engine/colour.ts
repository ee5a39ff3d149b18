// Colours as mails write them, and how far two of them stand apart: contrast by WCAG 2.2, section 1.4.3.

/** Red, green, blue from 0 to 255, and how much it covers, from 0 to 1. */
export type Colour = readonly [number, number, number, number];

export const WHITE: Colour = [255, 255, 255, 1];

const named: Readonly<Record<string, Colour>> = {
  black: [0, 0, 0, 1],
  white: WHITE,
  red: [255, 0, 0, 1],
  green: [0, 128, 0, 1],
  blue: [0, 0, 255, 1],
  gray: [128, 128, 128, 1],
  grey: [128, 128, 128, 1],
  silver: [192, 192, 192, 1],
  navy: [0, 0, 128, 1],
  transparent: [0, 0, 0, 0],
};

/** The colour in a value such as `#abc`, `rgb(1, 2, 3)` or `url(x) #fff`; null where none is read in it. */
export function readColour(value: string): Colour | null {
  const [, hex] = /#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3})\b/i.exec(value) ?? [];
  if (hex !== undefined) {
    const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
    const [r = 0, g = 0, b = 0, a = 255] = (full.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return [r, g, b, a / 255];
  }
  const parts = /rgba?\(([^)]*)\)/i
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter(Boolean)
    .map(Number);
  if (parts !== undefined && parts.length >= 3 && parts.every(Number.isFinite))
    return [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0, parts[3] ?? 1];
  return named[value.trim().toLowerCase()] ?? null;
}

/** 1 to 21. What is seen through is taken to lie on the ground. */
export function contrastOf(text: Colour, ground: Colour): number {
  const [light, dark] = [luminanceOf(over(text, ground)), luminanceOf(ground)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

export function over([r, g, b, a]: Colour, ground: Colour): Colour {
  const mix = (top: number, n: 0 | 1 | 2) => top * a + ground[n] * (1 - a);
  return [mix(r, 0), mix(g, 1), mix(b, 2), 1];
}

export function tellColour(colour: Colour): string {
  return `#${colour
    .slice(0, 3)
    .map((part) => Math.round(part).toString(16).padStart(2, '0'))
    .join('')}`;
}

function luminanceOf([r, g, b]: Colour): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** So much of the way from one colour to the other, from 0 to 1; in whole steps, as it is written. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const [r, g, b] = over([to[0], to[1], to[2], share], from);
  return [Math.round(r), Math.round(g), Math.round(b), 1];
}

/** The first colour on the way to `end` that stands out from the ground; `end` itself where none does. */
export function mixUntil(colour: Colour, end: Colour, ground: Colour, contrast: number): Colour {
  for (let percent = 0; percent < 100; percent += 2) {
    const mixed = mix(colour, end, percent / 100);
    if (contrastOf(mixed, ground) >= contrast) return mixed;
  }
  return end;
}
