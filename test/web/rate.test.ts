import { expect, it } from 'vitest';
import { createBuckets } from '../../web/rate.ts';

it('a burst is served, then one is told how long to wait, and waiting that long is enough', () => {
  let now = 0;
  const buckets = createBuckets({ perSecond: 10, burst: 3 }, () => now);
  expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 0]);
  const waitMs = buckets.take('a');
  expect(waitMs).toBe(100);
  now += waitMs;
  expect(buckets.take('a')).toBe(0);
  expect(buckets.take('a')).toBe(100);
});

it('a batch larger than what is left is served whole and paid for afterwards', () => {
  let now = 0;
  const buckets = createBuckets({ perSecond: 100, burst: 200 }, () => now);
  expect(buckets.take('a', 1_000)).toBe(0);
  expect(buckets.take('a')).toBe(8_010);
  now += 8_010;
  expect(buckets.take('a')).toBe(0);
});

it('one name does not pay for another', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 1 }, () => 0);
  expect([buckets.take('a'), buckets.take('b')]).toEqual([0, 0]);
  expect(buckets.take('a')).toBeGreaterThan(0);
});

it('a flood of names does not free a name that is in debt', () => {
  let now = 0;
  const buckets = createBuckets({ perSecond: 1, burst: 10 }, () => now);
  buckets.take('debtor', 1_000);
  for (let n = 0; n < 9_999; n++) buckets.take(`name ${n}`);
  now += 60_000;
  buckets.take('one more');
  expect(buckets.take('debtor')).toBeGreaterThan(0);
});
