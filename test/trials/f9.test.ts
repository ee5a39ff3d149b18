// F9, the short form: one zone in twelve.
import { expect, it } from 'vitest';
import { keepTime } from './f9.ts';

it('daily and weekly times come once on each local day, and quiet hours are kept', {
  timeout: 400_000,
}, () => {
  const report = keepTime({ seed: 20261123, oneIn: 12 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ twice: [], never: [], quietBroken: [] });
  expect(report.transitions).toBeGreaterThan(20);
  expect(report.daysAsked).toBeGreaterThan(report.transitions * 50);
});
