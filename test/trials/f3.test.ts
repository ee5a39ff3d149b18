// F3, the short form: every cell, three mails while the server goes on like that and six while it recovers; after two tries
// the clock leaps to the end of their lifetime.
import { expect, it } from 'vitest';
import { engineNames, freshEngine } from '../harness/engines.ts';
import { areCellsMet, runCells } from './f3.ts';

const engine = engineNames[0] ?? 'postgres';
const ground = await freshEngine(engine);

it('whatever the server does, each mail is sent once, refused, unknown, or tried until its lifetime ends', {
  timeout: 400_000,
}, async () => {
  const report = await runCells({ ...ground, engine }, { mails: 3, tries: 2, wait: 100, seed: 20261123 });
  expect(report.cells.length).toBeGreaterThan(50);
  expect(report).toMatchObject({ twice: 0, maimed: 0, denied: 0, invented: 0, missed: [] });
  expect(areCellsMet(report)).toBe(true);
});
