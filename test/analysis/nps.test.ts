import { describe, expect, it } from 'vitest';
import { countAnswers, npsOf, partiesOf, scoreInterval } from '../../analysis/nps.ts';
import { coverage, rollDice } from './random.ts';

const answers = (promoters: number, passives: number, detractors: number) => [
  0,
  0,
  0,
  0,
  0,
  0,
  detractors,
  0,
  passives,
  promoters,
  0,
];

/** The same interval by brute force: the likelihood under each difference maximised on a grid, the test inverted on a grid. */
function byGrid(promoters: number, passives: number, detractors: number) {
  const n = promoters + passives + detractors;
  const accepted: number[] = [];
  for (let d = -0.9995; d < 1; d += 0.001) {
    let best = { likelihood: Number.NEGATIVE_INFINITY, q: 0 };
    const top = (1 - Math.abs(d)) / 2;
    for (let step = 1; step < 2000; step++) {
      const q = Math.max(0, -d) + (top * step) / 2000;
      const [p, r] = [q + d, 1 - 2 * q - d];
      if (p <= 0 || r <= 0) continue;
      const likelihood = promoters * Math.log(p) + passives * Math.log(r) + detractors * Math.log(q);
      if (likelihood > best.likelihood) best = { likelihood, q };
    }
    const z = (promoters - detractors - n * d) / Math.sqrt(n * (2 * best.q + d - d * d));
    if (Math.abs(z) <= 1.959964) accepted.push(d);
  }
  return { low: 100 * Math.min(...accepted), high: 100 * Math.max(...accepted) };
}

describe('an NPS', () => {
  it('counts 9 and 10 as promoters, 0 to 6 as detractors', () => {
    const counts = countAnswers([0, 6, 7, 8, 9, 10, 10]);
    expect(partiesOf(counts)).toEqual({ promoters: 3, passives: 2, detractors: 2, n: 7 });
    expect(() => countAnswers([11])).toThrow(/whole number from 0 to 10/);
    expect(() => partiesOf([1, 2])).toThrow(/eleven counts/);
  });

  it.each([
    [25, 15, 10],
    [48, 2, 0],
    [0, 30, 20],
    [300, 120, 80],
  ])('of %d, %d, %d equals the test inverted by brute force', (promoters, passives, detractors) => {
    const n = promoters + passives + detractors;
    const exact = scoreInterval({ promoters, passives, detractors, n }, 0.95);
    const grid = byGrid(promoters, passives, detractors);
    expect(Math.abs(exact.low - grid.low)).toBeLessThan(0.15);
    expect(Math.abs(exact.high - grid.high)).toBeLessThan(0.15);
  });

  it('stays inside -100 to 100 where everybody agrees', () => {
    const happy = npsOf(answers(40, 0, 0));
    expect(happy).toMatchObject({ is: 'score', score: { value: 100, high: 100 } });
    expect(happy.is === 'score' && happy.score.low).toBeGreaterThan(80);
    expect(npsOf(answers(0, 0, 40))).toMatchObject({ score: { value: -100, low: -100 } });
    expect(npsOf(answers(0, 40, 0))).toMatchObject({ score: { value: 0 } });
  });

  it('is refused where too few answered', () => {
    expect(npsOf(answers(20, 5, 4))).toMatchObject({ is: 'too few', n: 29, needed: 30 });
    expect(npsOf(answers(0, 0, 0), { fewest: 0 })).toMatchObject({ is: 'too few', needed: 1 });
  });

  // Measured with these dice: 95.0, 94.9 and 94.9 per cent at n = 50; 95.0, 94.6 and 95.0 at n = 500.
  describe.each([50, 500])('at n = %d', (n) => {
    it.each([
      [0.5, 0.3, 0.2],
      [0.7, 0.25, 0.05],
      [0.2, 0.35, 0.45],
    ])(
      'with shares %d, %d, %d its interval holds the truth in 93 to 97 per cent of 10,000 samples',
      (p, r, q) => {
        const dice = rollDice(n);
        const held = coverage(10_000, 100 * (p - q), () => {
          const drawn: [number, number, number] = [0, 0, 0];
          for (let i = 0; i < n; i++) {
            const u = dice.uniform();
            drawn[u < p ? 0 : u < p + r ? 1 : 2] += 1;
          }
          const nps = npsOf(answers(...drawn));
          return nps.is === 'score' ? nps.score : null;
        });
        expect(held).toBeGreaterThan(0.93);
        expect(held).toBeLessThan(0.97);
      },
    );
  });
});
