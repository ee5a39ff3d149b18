// The predictive score on deals whose true odds are known, one world after another: how far its AUC is below that of the true
// odds on the same deals, and how its chances are calibrated. In each world a field that only the outcome fills must be
// found out as a leak.
import { aucOf } from '../../analysis/auc.ts';
import { suspectsOf } from '../../analysis/leaks.ts';
import { type Case, trainModel } from '../../analysis/predict.ts';
import { fields, generate } from './predict-cases.ts';
import { definePureTrial } from './trial.ts';

interface Options {
  readonly worlds: number;
  readonly deals: number;
  readonly seed: number;
}

async function runPredict({ worlds, deals, seed }: Options) {
  const rows = Array.from({ length: worlds }, (_, i) => {
    const { cases, logits, won } = generate(seed + i, deals);
    const training = trainModel(fields, cases);
    if (training.is !== 'trained') throw new Error(`world ${seed + i}: ${training.is}`);
    const best = aucOf({ logits, won })?.value ?? 1;
    const { auc, calibration } = training;
    return { below: best - auc.value, slope: calibration.slope, isLeakFound: findsLeak(cases) };
  });
  const slopes = rows.map(({ slope }) => slope);
  return {
    worlds,
    deals,
    mostBelow: Math.max(...rows.map(({ below }) => below)),
    slopes: { least: Math.min(...slopes), most: Math.max(...slopes) },
    leaksFound: rows.filter(({ isLeakFound }) => isLeakFound).length,
  };
}

/** The days until a deal is closed, known of those that are won alone: nobody has declared it. */
function findsLeak(cases: readonly Case[]): boolean {
  const leaking = cases.map((one, i) => ({
    ...one,
    values: { ...one.values, closed: one.won ? i % 90 : null },
  }));
  const suspects = suspectsOf([...fields, { name: 'closed', type: 'number' }], leaking);
  return suspects.length === 1 && suspects[0]?.field === 'closed';
}

type PredictReport = Awaited<ReturnType<typeof runPredict>>;

export const predict = definePureTrial({
  name: 'predict',
  says: 'the predictive score on known odds: AUC within 0.01 of the best, slope 0.9 to 1.1, each leak found',
  options: { worlds: 20, deals: 10_000 },
  run: runPredict,
  isMet: ({ mostBelow, slopes, leaksFound, worlds }: PredictReport) =>
    mostBelow < 0.01 && slopes.least > 0.9 && slopes.most < 1.1 && leaksFound === worlds,
});
