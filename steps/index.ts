// The vocabulary of workflows: every step kind there is. Adding one is a file, a line here, and a golden pair.
import type { Step } from '../engine/step.ts';
import { branch } from './branch.ts';
import { call } from './call.ts';
import { exit } from './exit.ts';
import { move } from './move.ts';
import { repeat } from './repeat.ts';
import { report } from './report.ts';
import { score } from './score.ts';
import { send } from './send.ts';
import { set } from './set.ts';
import { split } from './split.ts';
import { survey } from './survey.ts';
import { task } from './task.ts';
import { wait } from './wait.ts';
import { waitUntil } from './wait-until.ts';

export const steps: readonly Step[] = [
  send,
  wait,
  waitUntil,
  branch,
  split,
  repeat,
  task,
  survey,
  report,
  set,
  move,
  score,
  call,
  exit,
];
