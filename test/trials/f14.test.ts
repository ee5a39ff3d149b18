// F14, the short form: every fifth shipped template and ten generated ones, three hostile contacts each.
import { expect, it } from 'vitest';
import { isLetterMet, runLetters } from './f14.ts';

it('what goes over the wire is read as it was written, by other programs', { timeout: 400_000 }, async () => {
  const report = await runLetters({ every: 5, generated: 10, contacts: 3, sends: 500, seed: 20261123 });
  expect(report).toMatchObject({
    dkimFailed: 0,
    listUnsigned: 0,
    linesTooLong: 0,
    overClip: 0,
    readOtherwise: 0,
  });
  expect(report.compiles).toBe(report.templates);
  expect(report.letters).toBeGreaterThan(50);
  expect(isLetterMet(report)).toBe(true);
});
