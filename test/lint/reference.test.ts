// workflows/README.md is what the program writes: run `npx vitest run test/lint/reference -u` after a change of steps,
// phrases or codes.
import { expect, it } from 'vitest';
import { writeReference } from '../../engine/reference.ts';
import { steps } from '../../steps/index.ts';

it('the reference of the workflows is what the program knows', async () => {
  await expect(writeReference(steps)).toMatchFileSnapshot('../../workflows/README.md');
});
