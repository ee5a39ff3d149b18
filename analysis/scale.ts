// From values to pixels, with round numbers on the axis.

export interface Scale {
  readonly ticks: readonly number[];
  /** The pixel of a value. */
  at(value: number): number;
}

/** Ticks at 1, 2 or 5 times a power of ten that cover low..high; about `count` of them. */
export function scaleOf(low: number, high: number, from: number, to: number, count = 5): Scale {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / Math.max(1, count - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((high > low ? high : low + span) / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  const [bottom, top] = [first * step, last * step];
  return { ticks, at: (value) => from + ((value - bottom) / (top - bottom)) * (to - from) };
}
