// `voronka score explain|diff|recount|progress|train`: every point with its reason, whom a change of scores.yaml would
// move, how far counting anew has come, and what decided deals teach.
import { defineCommand } from './command.ts';
import { diff } from './score-diff.ts';
import { explain } from './score-explain.ts';
import { progress, recount } from './score-recount.ts';
import { train } from './score-train.ts';

export const score = defineCommand({
  summary: 'what a contact is worth and why, and whom other rules would move',
  example: 'voronka score explain c-17',
  commands: { explain, diff, recount, progress, train },
});
