// The short form: 300 samples of each figure, 12 of each pipeline; the bar with what chance adds to so few.
import { expect, it } from 'vitest';
import { isHeld, runCoverage } from './coverage.ts';

it('every interval that a report prints holds the known truth 93 to 97 per cent of the time', {
  timeout: 120_000,
}, async () => {
  const { rows } = await runCoverage({ samples: 300, pipelines: 12, seed: 20261123 });
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((row) => !isHeld(row, 3))).toEqual([]);
});
