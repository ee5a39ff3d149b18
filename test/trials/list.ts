// The trials that have a long form.
import { compiles } from './compiles.ts';
import { coverage } from './coverage.ts';
import { f1 } from './f1.ts';
import { f2 } from './f2.ts';
import { f3 } from './f3.ts';
import { f8 } from './f8.ts';
import { f9 } from './f9.ts';
import { f10 } from './f10.ts';
import { f11 } from './f11.ts';
import { f12 } from './f12.ts';
import { f14 } from './f14.ts';
import { f15 } from './f15.ts';
import { f16 } from './f16.ts';
import { f17 } from './f17.ts';
import { f18 } from './f18.ts';
import { f19 } from './f19.ts';
import { f20 } from './f20.ts';
import { postfix } from './postfix.ts';
import { predict } from './predict.ts';
import { scores } from './scores.ts';
import { surveys } from './surveys.ts';
import type { Trial } from './trial.ts';
import { turns } from './turns.ts';

export const trials: readonly Trial[] = [
  f1,
  f2,
  f3,
  f8,
  f9,
  f10,
  f11,
  f12,
  f14,
  f15,
  f16,
  f17,
  f18,
  f19,
  f20,
  compiles,
  coverage,
  postfix,
  predict,
  scores,
  surveys,
  turns,
];
