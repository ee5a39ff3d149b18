// Flushing: one at a time, and what gathers meanwhile goes together.
import { expect, it } from 'vitest';
import { openBatcher } from '../../workers/batcher.ts';

function flushInHand() {
  const flushed: {
    readonly items: readonly number[];
    readonly end: (answers?: readonly number[]) => void;
  }[] = [];
  const failing: ((error: Error) => void)[] = [];
  const add = openBatcher(
    (items: readonly number[]) =>
      new Promise<readonly number[]>((resolve, reject) => {
        flushed.push({ items, end: (answers) => resolve(answers ?? items.map((n) => n * 10)) });
        failing.push(reject);
      }),
  );
  return { add, flushed, failing };
}

it('what comes during a flush goes in the next, together', async () => {
  const { add, flushed } = flushInHand();
  const first = add(1);
  const rest = [add(2), add(3)];
  expect(flushed.map(({ items }) => items)).toEqual([[1]]);
  flushed[0]?.end();
  expect(await first).toBe(10);
  flushed[1]?.end();
  expect(await Promise.all(rest)).toEqual([20, 30]);
  expect(flushed.map(({ items }) => items)).toEqual([[1], [2, 3]]);
});

it('a flush that fails fails its own, and the next goes on', async () => {
  const { add, flushed, failing } = flushInHand();
  const first = add(1);
  const second = add(2);
  failing[0]?.(new Error('no ledger'));
  await expect(first).rejects.toThrow('no ledger');
  flushed[1]?.end();
  expect(await second).toBe(20);
});

it('a flush that answers too few fails those it forgot', async () => {
  const { add, flushed } = flushInHand();
  const first = add(1);
  const both = [add(2), add(3)];
  flushed[0]?.end();
  await first;
  flushed[1]?.end([20]);
  expect(await both[0]).toBe(20);
  await expect(both[1]).rejects.toThrow('fewer than it was given');
});
