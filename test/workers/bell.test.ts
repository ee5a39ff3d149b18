// The bell alone: what is coalesced, and that nothing is swallowed.
import { expect, it } from 'vitest';
import { openBell } from '../../workers/bell.ts';

/** A bell whose strokes end when the test says so. */
function bellInHand() {
  const ends: (() => void)[] = [];
  const ring = openBell(() => new Promise<void>((end) => ends.push(end)), 0);
  return { ring, strokes: () => ends.length, end: (n: number) => ends[n]?.() };
}

it('a ring strikes at once', () => {
  const { ring, strokes } = bellInHand();
  void ring();
  expect(strokes()).toBe(1);
});

it('a ring that comes during a stroke is served by a stroke that begins after it', async () => {
  const { ring, strokes, end } = bellInHand();
  const first = ring();
  const second = ring();
  end(0);
  await first;
  await expect.poll(strokes).toBe(2);
  end(1);
  await second;
});

it('a thousand rings at once are two strokes', async () => {
  let strokes = 0;
  const ring = openBell(async () => void strokes++, 1);
  await Promise.all(Array.from({ length: 1000 }, ring));
  expect(strokes).toBe(2);
});

it('a ring after silence strikes again', async () => {
  let strokes = 0;
  const ring = openBell(async () => void strokes++, 0);
  await ring();
  await ring();
  expect(strokes).toBe(2);
});
