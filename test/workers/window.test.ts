// The sliding window: so many at a time, and the next when one has ended.
import { expect, it } from 'vitest';
import { openWindow } from '../../workers/window.ts';

function workInHand() {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const work = (n: number) => () => {
    begun.push(n);
    return new Promise<void>((end) => ends.set(n, end));
  };
  return { begun, work, end: (n: number) => ends.get(n)?.() };
}

it('the third of two places begins when one has ended, not when all have', async () => {
  const { begun, work, end } = workInHand();
  const window = openWindow(2);
  await window.enter(work(1));
  await window.enter(work(2));
  const third = window.enter(work(3));
  expect(begun).toEqual([1, 2]);
  end(2);
  await third;
  expect(begun).toEqual([1, 2, 3]);
});

it('it is idle once everything has ended, and at once when nothing had begun', async () => {
  const { work, end } = workInHand();
  const window = openWindow(1);
  await window.isIdle();
  await window.enter(work(1));
  const second = window.enter(work(2));
  let isIdle = false;
  const idle = window.isIdle().then(() => {
    isIdle = true;
  });
  end(1);
  await second;
  expect(isIdle).toBe(false);
  end(2);
  await idle;
});
