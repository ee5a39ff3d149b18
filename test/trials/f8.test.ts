// F8, the short form: 500 people, on the queue engine that needs nothing.
import { expect, it } from 'vitest';
import { freshEngine } from '../harness/engines.ts';
import { f8, runEdits } from './f8.ts';

const ground = await freshEngine('postgres');

it('v1 to v2 to v1 strands nobody, repeats nothing, and does what the plans said in people', {
  timeout: 400_000,
}, async () => {
  const report = await runEdits({ ...ground, engine: 'postgres' }, { people: 500, seed: 20261123 });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ stranded: 0, repeated: 0, missing: 0, wrongNumbers: 0 });
  expect(f8.isMet(report)).toBe(true);
  // Every kind of change happened to somebody.
  for (const kind of ['stay', 'renamed', 'moved', 'leave'])
    expect(report.edits[0]?.done[kind]).toBeGreaterThan(0);
  expect(report.edits[1]?.done).toMatchObject({ renamed: expect.any(Number), moved: 0 });
});
