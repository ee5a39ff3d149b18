// What came of learning, in words: how well it ranks, whether its chances are to be believed, and from which chance on it
// pays to act.
import Table from 'cli-table3';
import type { Suspect } from '../analysis/leaks.ts';
import type { Training } from '../analysis/predict.ts';
import type { Share } from '../analysis/stats.ts';
import { plainTable } from './tables.ts';

export interface SaidTraining {
  readonly fields: readonly string[];
  readonly leftOut: readonly string[];
  readonly suspects: readonly Suspect[];
  readonly training: Training;
}

export function tellTraining({ fields, leftOut, suspects, training }: SaidTraining): string {
  const from = [
    `From ${fields.length} fields: ${fields.join(', ')}`,
    ...(leftOut.length > 0 ? [`Left out, known only after the outcome: ${leftOut.join(', ')}`] : []),
    ...suspects.map(({ field, auc }) => `${field} alone reaches ${auc.toFixed(2)}: is it known before?`),
  ];
  return `${[...from, '', ...outcomeOf(training)].join('\n')}\n`;
}

function outcomeOf(training: Training): string[] {
  if (training.is === 'not enough yet')
    return [
      `Not enough yet: ${training.won} won and ${training.lost} lost deals, and ${training.needed} of each are needed.`,
    ];
  if (training.is === 'predicts nothing')
    return [
      `Of ${training.cases} deals it learns nothing that is surely better than a coin; nothing is kept.`,
    ];
  const { auc, calibration, lift, thresholds, model } = training;
  const table = new Table({
    ...plainTable,
    head: ['tenth', 'deals', 'predicted', 'won', 'lift', 'of all wins'],
  });
  table.push(
    ...lift.map((row, i) => [
      String(i + 1),
      String(row.cases),
      percent(row.predicted),
      row.won === null
        ? ''
        : `${percent(row.won.value)} (${percent(row.won.low)} to ${percent(row.won.high)})`,
      row.lift.toFixed(1),
      percent(row.captured),
    ]),
  );
  return [
    `${model.cases} deals, ${model.won} won. All figures are of deals that the model had not seen.`,
    `AUC ${auc.value.toFixed(3)} (${auc.low.toFixed(3)} to ${auc.high.toFixed(3)}); 0.5 is a coin, 1 is never wrong.`,
    `Calibration: slope ${calibration.slope.toFixed(2)}, intercept ${calibration.intercept.toFixed(2)}; 1 and 0 are right.`,
    '',
    table.toString(),
    '',
    ...thresholds.map(
      ({ top, at, won, captured }) =>
        `The best ${percent(top)} lie at ${at.value.toFixed(2)} or over (${at.low.toFixed(2)} to ${at.high.toFixed(2)}): ${share(won)} of them won, ${share(captured)} of all wins.`,
    ),
    'Conditions ask it as deal.predicted.win; `voronka score explain` says why.',
  ];
}

const share = (one: Share | null) => (one === null ? 'nobody knows how many' : percent(one.value));
const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
