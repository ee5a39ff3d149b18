import { describe, expect, it } from 'vitest';
import { aucOf } from '../../analysis/auc.ts';
import { solve } from '../../analysis/cholesky.ts';
import { chanceOf, fitLogistic, logitsOf } from '../../analysis/logistic.ts';
import { calibrationOf, liftTableOf, thresholdsOf } from '../../analysis/ranking.ts';
import { coverage, type Dice, rollDice } from './random.ts';

describe('logistic regression', () => {
  it('gives the published fit of the shuttle O-rings: 15.0429 - 0.2322 x temperature', () => {
    // Dalal, Fowlkes and Hoadley (1989), JASA 84: 23 flights, temperature in Fahrenheit, any thermal distress.
    const temperatures = [
      66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
    ];
    const distress = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1];
    const design = { rows: 23, columns: 1, x: Float64Array.from(temperatures) };
    const fit = fitLogistic(design, Uint8Array.from(distress), 0);
    expect(fit.intercept).toBeCloseTo(15.0429, 4);
    expect(fit.weights[0]).toBeCloseTo(-0.2322, 4);
    expect(chanceOf(logitsOf({ rows: 1, columns: 1, x: Float64Array.of(31) }, fit)[0] ?? 0)).toBeGreaterThan(
      0.999,
    );
  });

  it('is at the bottom: no small step of any weight is better, with a ridge', () => {
    const dice = rollDice(1);
    const [rows, columns, ridge] = [300, 4, 3];
    const x = Float64Array.from({ length: rows * columns }, () => dice.normal());
    const won = Uint8Array.from({ length: rows }, (_, i) =>
      dice.chance(chanceOf((x[i * columns] ?? 0) - 1)) ? 1 : 0,
    );
    const fit = fitLogistic({ rows, columns, x }, won, ridge);
    const loss = (weights: readonly number[], intercept: number) => {
      let sum = (ridge / 2) * weights.reduce((s, w) => s + w * w, 0);
      for (let i = 0; i < rows; i++) {
        const logit = weights.reduce((s, w, j) => s + w * (x[i * columns + j] ?? 0), intercept);
        sum += Math.log(1 + Math.exp(won[i] ? -logit : logit));
      }
      return sum;
    };
    const here = loss(fit.weights, fit.intercept);
    for (const step of [1e-3, -1e-3]) {
      expect(loss(fit.weights, fit.intercept + step)).toBeGreaterThan(here);
      fit.weights.forEach((_, j) => {
        const moved = fit.weights.map((w, k) => (k === j ? w + step : w));
        expect(loss(moved, fit.intercept)).toBeGreaterThan(here);
      });
    }
  });

  it('ends on separated cases and on a column that carries nothing', () => {
    const x = Float64Array.from([-2, 0, -1, 0, 1, 0, 2, 0]);
    const fit = fitLogistic({ rows: 4, columns: 2, x }, Uint8Array.of(0, 0, 1, 1), 1);
    expect(fit.weights[0]).toBeGreaterThan(0);
    expect(Number.isFinite(fit.weights[0])).toBe(true);
    expect(fit.weights[1]).toBe(0);
  });

  it('rests on a solver that solves', () => {
    const x = solve(Float64Array.of(4, 0, 0, 2, 5, 0, 1, 3, 6), Float64Array.of(1, 2, 3));
    const rows = [
      [4, 2, 1],
      [2, 5, 3],
      [1, 3, 6],
    ];
    rows.forEach((row, i) => {
      expect(row.reduce((sum, a, j) => sum + a * (x[j] ?? 0), 0)).toBeCloseTo(i + 1, 12);
    });
  });
});

/** Won cases lie one deviation over the lost ones: the true AUC is P(Z < 1/√2). */
function draw(dice: Dice, size: number) {
  const won = Uint8Array.from({ length: size }, () => (dice.chance(0.3) ? 1 : 0));
  return { won, logits: Float64Array.from(won, (w) => Math.round((dice.normal() + w) * 50) / 50) };
}

describe('AUC', () => {
  it('counts pairs, ties half', () => {
    const predicted = draw(rollDice(4), 400);
    let [above, pairs] = [0, 0];
    predicted.logits.forEach((a, i) => {
      predicted.logits.forEach((b, j) => {
        if (predicted.won[i] !== 1 || predicted.won[j] !== 0) return;
        pairs += 1;
        above += a > b ? 1 : a === b ? 0.5 : 0;
      });
    });
    expect(aucOf(predicted)?.value).toBeCloseTo(above / pairs, 12);
  });

  it('has an interval that holds the truth 93 to 97 per cent of the time', () => {
    const dice = rollDice(5);
    const held = coverage(2_000, 0.7602499389, () => aucOf(draw(dice, 200)));
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });

  it('is unknown where one side is missing', () => {
    expect(aucOf({ logits: Float64Array.of(1, 2), won: Uint8Array.of(1, 1) })).toBeNull();
  });
});

describe('the report on a prediction', () => {
  it('finds odds that were stretched by two: slope one half', () => {
    const dice = rollDice(6);
    const logits = Float64Array.from({ length: 20_000 }, () => dice.normal());
    const won = Uint8Array.from(logits, (logit) => (dice.chance(chanceOf(logit)) ? 1 : 0));
    expect(calibrationOf({ logits, won }).slope).toBeCloseTo(1, 1);
    expect(calibrationOf({ logits: logits.map((x) => 2 * x + 1), won })).toMatchObject({
      slope: expect.closeTo(0.5, 1),
      intercept: expect.closeTo(-0.5, 1),
    });
  });

  it('lists rows from best to worst, by hand', () => {
    const logits = Float64Array.of(3, 2, 1, 0, -1, -2, -3, -4, -5, -6);
    const won = Uint8Array.of(1, 1, 0, 1, 0, 0, 0, 0, 0, 0);
    expect(
      liftTableOf({ logits, won }, 5).map((row) => [row.cases, row.won?.count, row.lift, row.captured]),
    ).toEqual([
      [2, 2, 1 / 0.3, 2 / 3],
      [2, 1, 0.5 / 0.3, 1],
      [2, 0, 0, 1],
      [2, 0, 0, 1],
      [2, 0, 0, 1],
    ]);
  });

  it('gives thresholds whose interval holds the true quantile 93 to 97 per cent of the time', () => {
    const dice = rollDice(7);
    // The upper fifth of a standard normal lies at 0.8416.
    const held = coverage(3_000, chanceOf(0.8416212336), () => {
      const logits = Float64Array.from({ length: 500 }, () => dice.normal());
      const won = Uint8Array.from(logits, () => (dice.chance(0.5) ? 1 : 0));
      return thresholdsOf({ logits, won }, [0.2])[0]?.at ?? null;
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });
});
