import { describe, expect, it } from 'vitest';
import { npsBySegment } from '../../analysis/nps-segments.ts';
import { trendOf } from '../../analysis/nps-trend.ts';
import { rollDice } from './random.ts';

const dice = rollDice(3);
const draw = (n: number, promoters: number, detractors: number) => {
  const counts = new Array<number>(11).fill(0);
  for (let i = 0; i < n; i++) {
    const answer = [9, 8, 3][dice.pick([promoters, 1 - promoters - detractors, detractors])] ?? 8;
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
};
/** Eight periods of uneven size; the true score moves by `step` points each. */
const season = (step: number) =>
  Array.from({ length: 8 }, (_, at) => ({
    at,
    answers: draw(30 + (at % 3) * 20, 0.4 + (step * at) / 200, 0.3 - (step * at) / 200),
  }));

describe('a trend', () => {
  it('equals (n - 1) r² worked from the single answers', () => {
    const periods = season(1);
    const points = periods.flatMap(({ at, answers }) =>
      answers.flatMap((count, score) =>
        Array.from({ length: count }, () => ({ at, x: score >= 9 ? 1 : score <= 6 ? -1 : 0 })),
      ),
    );
    const mean = (of: (point: { at: number; x: number }) => number) =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length;
    const [t, x] = [mean((p) => p.at), mean((p) => p.x)];
    const covariance = mean((p) => (p.at - t) * (p.x - x));
    const r2 = covariance ** 2 / (mean((p) => (p.at - t) ** 2) * mean((p) => (p.x - x) ** 2));
    const trend = trendOf(periods);
    if (trend.is === 'not enough yet') throw new Error('there is enough');
    expect(trend.slope.value).toBeCloseTo((100 * covariance) / mean((p) => (p.at - t) ** 2), 9);
    // Chi-square with one degree of freedom: 3.841 is its 5 % point.
    expect(trend.p < 0.05).toBe((points.length - 1) * r2 > 3.841459);
  });

  it('is seen in 3 to 7 % of 2,000 seasons in which nothing moves', () => {
    let seen = 0;
    for (let i = 0; i < 2_000; i++) if (trendOf(season(0)).is !== 'no trend seen') seen += 1;
    expect(seen / 2_000).toBeGreaterThan(0.03);
    expect(seen / 2_000).toBeLessThan(0.07);
  });

  it('has a slope whose interval holds the truth in 93 to 97 % of 2,000 seasons', () => {
    let held = 0;
    for (let i = 0; i < 2_000; i++) {
      const trend = trendOf(season(4));
      if (trend.is !== 'not enough yet' && trend.slope.low <= 4 && 4 <= trend.slope.high) held += 1;
    }
    expect(held / 2_000).toBeGreaterThan(0.93);
    expect(held / 2_000).toBeLessThan(0.97);
  });

  it('that is plain gets its name', () => {
    expect(trendOf(season(8)).is).toBe('rising');
    expect(trendOf(season(-6)).is).toBe('falling');
  });

  it('is not spoken of for two periods or 29 answers', () => {
    expect(trendOf(season(8).slice(0, 2)).is).toBe('not enough yet');
    const thin = [0, 1, 2].map((at) => ({ at, answers: draw(9, 0.5, 0.2) }));
    expect(trendOf(thin)).toMatchObject({ is: 'not enough yet', n: 27, needed: 30, periods: 3 });
  });
});

describe('NPS by segment', () => {
  it('names the segment that differs, and refuses the one that is too small', () => {
    const rows = [
      { segment: 'software', sent: 1_000, answers: draw(300, 0.6, 0.1) },
      { segment: 'retail', sent: 900, answers: draw(300, 0.35, 0.35) },
      { segment: 'mining', sent: 40, answers: draw(12, 0.5, 0.2) },
    ];
    const [software, retail, mining] = npsBySegment(rows);
    expect(software?.againstRest?.low).toBeGreaterThan(0);
    expect(retail?.againstRest?.high).toBeLessThan(0);
    expect(software?.response).toMatchObject({ value: 0.3, count: 300, of: 1_000 });
    expect(mining).toMatchObject({ nps: { is: 'too few', n: 12 }, againstRest: null });
  });

  it('calls one of ten equal segments different in at most 5 % of 600 seasons', () => {
    let called = 0;
    for (let i = 0; i < 600; i++) {
      const rows = Array.from({ length: 10 }, (_, k) => ({
        segment: `s${k}`,
        sent: 200,
        answers: draw(60, 0.45, 0.25),
      }));
      if (npsBySegment(rows).some(({ againstRest: d }) => d !== null && (d.low > 0 || d.high < 0)))
        called += 1;
    }
    expect(called / 600).toBeLessThanOrEqual(0.05);
  });
});
