// The content hash does not see the order of keys; the draw is uniform and depends on its parts alone.
import { expect, it } from 'vitest';
import { draw, hashJson } from '../../engine/hash.ts';

it('a hash is that of canonical JSON', () => {
  expect(hashJson({ b: [1, null], a: 'x', c: undefined })).toBe(hashJson({ a: 'x', b: [1, null] }));
  expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: '1' }));
  // printf '{"a":"x"}' | sha256sum
  expect(hashJson({ a: 'x' })).toBe('bac82bcae3ff0e486fd02d6dce53dc6444bcbd21f6ab5dea0a69e86e8b723b7f');
});

it('a draw is uniform: twenty bins of 10,000 draws differ by chance alone', () => {
  const bins = Array<number>(20).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const bin = Math.floor(draw('nurture', 'split', `contact-${i}`) * 20);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
  // 19 degrees of freedom: 43.8 is exceeded once in a thousand.
  expect(chiSquare).toBeLessThan(43.8);
  expect(draw('a', 'b')).toBe(draw('a', 'b'));
  expect(draw('ab', '')).not.toBe(draw('a', 'b'));
});
