// F19, the short form: five thousand forgeries.
import { expect, it } from 'vitest';
import { runForgeries } from './f19.ts';

it('no reader of a token believes a forged one, and every one of ours', { timeout: 120_000 }, async () => {
  const report = await runForgeries({ forgeries: 5_000, seed: 20261123 });
  expect(report).toEqual({ forgeries: 5_000, accepted: 0, genuine: 5_000, refused: 0 });
});
