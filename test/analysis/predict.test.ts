import { describe, expect, it } from 'vitest';
import { aucOf } from '../../analysis/auc.ts';
import type { Field } from '../../analysis/columns.ts';
import { leaksOf, suspectsOf } from '../../analysis/leaks.ts';
import { type Case, predictWin, trainModel } from '../../analysis/predict.ts';
import { fields, generate } from '../trials/predict-cases.ts';
import { rollDice } from './random.ts';

function trained(cases: readonly Case[]) {
  const training = trainModel(fields, cases);
  if (training.is !== 'trained') throw new Error(training.is);
  return training;
}

describe('a predictive score', () => {
  it.each([1, 2, 3])(
    'comes within 0.01 of the best possible AUC, with a calibration slope of 0.9 to 1.1, seed %d',
    (seed) => {
      const { cases, logits, won } = generate(seed, 4_000);
      const { auc, calibration } = trained(cases);
      // The best that anyone could do on these cases: their true odds, what is left empty included.
      expect((aucOf({ logits, won })?.value ?? 1) - auc.value).toBeLessThan(0.01);
      expect(calibration.slope).toBeGreaterThan(0.9);
      expect(calibration.slope).toBeLessThan(1.1);
      expect(Math.abs(calibration.intercept)).toBeLessThan(0.1);
    },
  );

  it('judges no case by a model that has seen it: of noise it says that it predicts nothing', () => {
    const { cases } = generate(9, 2_000);
    const dice = rollDice(10);
    const training = trainModel(
      fields,
      cases.map((one) => ({ ...one, won: dice.chance(0.4) })),
    );
    expect(training).toMatchObject({ is: 'predicts nothing', cases: 2_000 });
    expect(training.is === 'predicts nothing' && training.auc?.value).toBeLessThan(0.53);
  });

  it('is the same when trained again, whatever the order of the cases', () => {
    const { cases } = generate(4, 1_000);
    const [one, two] = [trained(cases), trained([...cases].reverse())];
    expect(two.auc.value).toBeCloseTo(one.auc.value, 9);
    one.model.weights.forEach((weight, j) => {
      expect(two.model.weights[j]).toBeCloseTo(weight, 6);
    });
  });

  it('explains each chance: the parts lead from the average to it', () => {
    const { cases } = generate(5, 2_000);
    const { model } = trained(cases);
    const good = predictWin(model, {
      amount: 900,
      employees: 2,
      source: 'partner',
      budget: true,
      phase: 0.5,
    });
    const odds =
      Math.log(good.average / (1 - good.average)) + good.parts.reduce((sum, part) => sum + part.logOdds, 0);
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(good.chance, 12);
    expect(good.chance).toBeGreaterThan(0.85);
    expect(good.parts.map(({ field }) => field).slice(0, 4)).not.toContain('phase');
    expect(good.parts[0]?.logOdds).toBeGreaterThan(0.5);
  });

  it('answers for a case that knows nothing, or a value never seen, and survives storage', () => {
    const { model } = trained(generate(5, 2_000).cases);
    const stored = JSON.parse(JSON.stringify(model));
    const odd = predictWin(stored, { source: 'carrier pigeon' });
    expect(odd.chance).toBeGreaterThan(0);
    expect(odd.chance).toBeLessThan(1);
    expect(predictWin(stored, {}).parts.find(({ field }) => field === 'employees')?.logOdds).toBe(0);
  });

  it('reports a lift table that holds every case, and thresholds with their uncertainty', () => {
    const { cases } = generate(6, 4_000);
    const { lift, thresholds } = trained(cases);
    const wins = cases.filter(({ won }) => won).length;
    expect(lift.reduce((sum, row) => sum + row.cases, 0)).toBe(4_000);
    expect(lift.reduce((sum, row) => sum + (row.won?.count ?? 0), 0)).toBe(wins);
    expect(lift.at(-1)?.captured).toBeCloseTo(1, 12);
    expect(lift[0]?.lift).toBeGreaterThan(1.5);
    expect(lift.at(-1)?.lift).toBeLessThan(0.6);
    const [tenth, fifth] = thresholds;
    expect(tenth?.won?.of).toBe(400);
    expect(fifth?.at.low).toBeLessThan(fifth?.at.value ?? 0);
    expect(fifth?.at.high).toBeGreaterThan(fifth?.at.value ?? 1);
    expect(tenth?.at.value).toBeGreaterThan(fifth?.at.value ?? 1);
    // Calibrated, the win rate over a threshold is over the threshold.
    expect(fifth?.won?.high).toBeGreaterThan(fifth?.at.value ?? 1);
  });

  it('is refused below 50 won and 50 lost, and below five of each for a column', () => {
    const { cases } = generate(7, 90);
    expect(trainModel(fields, cases)).toMatchObject({ is: 'not enough yet', needed: 50 });
    const owners = Array.from({ length: 400 }, (_, i) => ({
      id: `d${i}`,
      won: i % 5 === 0,
      values: { owner: `owner ${(i * 7) % 20}` },
    }));
    expect(trainModel([{ name: 'owner', type: 'text' }], owners)).toEqual({
      is: 'not enough yet',
      won: 80,
      lost: 320,
      needed: 100,
    });
  });
});

describe('a leaking field', () => {
  it('is named where it is declared, and suspected where it predicts too well', () => {
    const { cases } = generate(8, 600);
    const leaky = cases.map((one) => ({
      ...one,
      values: { ...one.values, close_value: one.won ? 1_000 : 0, reason: one.won ? null : 'price' },
    }));
    const all: Field[] = [
      ...fields,
      { name: 'close_value', type: 'number' },
      { name: 'reason', type: 'text' },
    ];
    expect(
      suspectsOf(all, leaky)
        .map(({ field }) => field)
        .sort(),
    ).toEqual(['close_value', 'reason']);
    expect(suspectsOf(fields, cases)).toEqual([]);
    expect(leaksOf(all.map((field) => ({ ...field, afterOutcome: field.name === 'reason' })))).toEqual([
      'reason',
    ]);
  });
});
