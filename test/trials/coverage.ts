// Coverage: how often the interval that a report prints holds the truth, over worlds made by dice. The bar is 93 to 97 %
// of the samples in which the figure is stated at all; one that is refused ("not enough yet") is counted beside it.
import { rollDice } from '../analysis/random.ts';
import type { CoverageCase } from './coverage-case.ts';
import { forecasts } from './coverage-forecast.ts';
import { funnelFigures } from './coverage-funnel.ts';
import { peopleFigures } from './coverage-people.ts';
import { valueFigures } from './coverage-value.ts';
import { definePureTrial } from './trial.ts';

const figures: readonly CoverageCase[] = [...funnelFigures, ...valueFigures, ...peopleFigures];

export interface CoverageRow {
  readonly report: string;
  readonly statistic: string;
  readonly world: string;
  readonly n: number;
  readonly isWide?: boolean;
  readonly samples: number;
  /** Share of the samples in which nothing was stated. */
  readonly refused: number;
  /** Of the stated; null where all were refused. */
  readonly held: number | null;
}
export interface CoverageReport {
  readonly [figure: string]: unknown;
  readonly rows: readonly CoverageRow[];
}

interface CoverageTrial {
  readonly samples: number;
  /** Of whole pipelines, which take long to draw. */
  readonly pipelines: number;
  readonly seed: number;
}

export async function runCoverage({ samples, pipelines, seed }: CoverageTrial): Promise<CoverageReport> {
  const rows = [
    ...figures.map((one, i) => measure(one, samples, seed + i)),
    ...forecasts.map((one, i) => measure(one, pipelines, seed + 1_000 + i)),
  ];
  return { rows };
}

function measure({ draw, ...about }: CoverageCase, samples: number, seed: number): CoverageRow {
  const dice = rollDice(seed);
  let [held, stated] = [0, 0];
  for (let i = 0; i < samples; i++) {
    const { truth, interval } = draw(dice);
    if (interval === null) continue;
    stated += 1;
    const { low, high } = interval;
    if ((low ?? Number.NEGATIVE_INFINITY) <= truth && truth <= (high ?? Number.POSITIVE_INFINITY)) held += 1;
  }
  return { ...about, samples, refused: 1 - stated / samples, held: stated === 0 ? null : held / stated };
}

/** The bar, with what chance adds to so few samples: three standard errors beyond the allowed two points. */
export function isHeld({ held, samples, refused, isWide = false }: CoverageRow, slack = 0): boolean {
  if (held === null) return true;
  const error = Math.sqrt((0.95 * 0.05) / (samples * (1 - refused)));
  const most = isWide ? 1 : 0.97 + slack * error;
  return held >= 0.93 - slack * error && held <= most;
}

export const coverage = definePureTrial({
  name: 'coverage',
  says: 'every interval that a report prints holds the known truth 93 to 97 % of the time',
  options: { samples: 10_000, pipelines: 2_000 },
  run: runCoverage,
  isMet: ({ rows }) => rows.every((row) => isHeld(row)),
});
