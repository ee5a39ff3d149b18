import { describe, expect, it } from 'vitest';
import { type Arm, liftOf } from '../../analysis/lift.ts';
import { differenceInterval, ratioInterval } from '../../analysis/score-interval.ts';
import { coverage, rollDice } from './random.ts';

/** The likelihood maximised on a grid under each value, the test inverted on a grid: the same interval with no formula shared. */
function byGrid(
  a: Arm,
  b: Arm,
  from: number,
  to: number,
  shareOfA: (pb: number, x: number) => number,
  w: (x: number) => number,
) {
  const accepted: number[] = [];
  const people = a.people + b.people;
  const log = (count: number, p: number) => (count === 0 ? 0 : count * Math.log(p));
  for (let k = 1; k < 2000; k++) {
    const x = from + ((to - from) * k) / 2000;
    let best = { likelihood: Number.NEGATIVE_INFINITY, pa: 0, pb: 0 };
    for (let i = 0; i <= 1000; i++) {
      const pb = i / 1000;
      const pa = shareOfA(pb, x);
      if (pa < 0 || pa > 1) continue;
      const likelihood =
        log(a.reached, pa) +
        log(a.people - a.reached, 1 - pa) +
        log(b.reached, pb) +
        log(b.people - b.reached, 1 - pb);
      if (likelihood > best.likelihood) best = { likelihood, pa, pb };
    }
    const { pa, pb } = best;
    const variance =
      (((pa * (1 - pa)) / a.people + (w(x) ** 2 * pb * (1 - pb)) / b.people) * people) / (people - 1);
    const gap = a.reached / a.people - shareOfA(b.reached / b.people, x);
    if (gap ** 2 <= 3.841459 * variance) accepted.push(x);
  }
  return { low: Math.min(...accepted), high: Math.max(...accepted) };
}

describe('the interval of a difference of shares', () => {
  it.each([
    [56, 70, 48, 80, 0.0528, 0.3382],
    [9, 10, 3, 10, 0.17, 0.8406],
    [5, 56, 0, 29, -0.0326, 0.1933],
    [10, 10, 0, 20, 0.7156, 1],
    [10, 10, 0, 10, 0.6636, 1],
  ])('is that of Newcombe (1998), table II, method 6: %d/%d - %d/%d', (x1, n1, x2, n2, low, high) => {
    const interval = differenceInterval({ people: n1, reached: x1 }, { people: n2, reached: x2 });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it.each([
    [40, 300, 8, 100],
    [0, 80, 3, 40],
    [12, 12, 5, 9],
  ])('equals the test inverted by brute force: %d/%d - %d/%d', (x1, n1, x2, n2) => {
    const [a, b] = [
      { people: n1, reached: x1 },
      { people: n2, reached: x2 },
    ];
    const grid = byGrid(
      a,
      b,
      -1,
      1,
      (pb, d) => pb + d,
      () => 1,
    );
    const exact = differenceInterval(a, b);
    expect(Math.abs(exact.low - grid.low)).toBeLessThan(0.003);
    expect(Math.abs(exact.high - grid.high)).toBeLessThan(0.003);
  });

  it.each([
    [0.1, 0.1, 900, 100],
    [0.3, 0.2, 450, 50],
    [0.05, 0.03, 3_000, 300],
  ])('holds the truth 93 to 97 per cent of the time: %d against %d, %d and %d people', (pt, ph, nt, nh) => {
    const dice = rollDice(nt);
    const draw = (people: number, p: number) => {
      let reached = 0;
      for (let i = 0; i < people; i++) if (dice.chance(p)) reached += 1;
      return { people, reached };
    };
    const samples = Array.from({ length: 3_000 }, () => [draw(nt, pt), draw(nh, ph)] as const);
    let next = 0;
    const one = (of: (a: Arm, b: Arm) => { low: number; high: number }) => () => {
      const [a, b] = samples[next++ % samples.length] ?? [draw(nt, pt), draw(nh, ph)];
      return of(a, b);
    };
    for (const held of [
      coverage(
        3_000,
        pt - ph,
        one((a, b) => differenceInterval(a, b)),
      ),
      coverage(
        3_000,
        pt / ph,
        one((a, b) => ratioInterval(a, b)),
      ),
    ]) {
      expect(held).toBeGreaterThan(0.93);
      expect(held).toBeLessThan(0.97);
    }
  });
});

describe('the interval of a ratio of shares', () => {
  it('is that of Koopman (1984) for 36/40 against 16/80, corrected by N/(N-1)', () => {
    // Koopman's own is 2.94 to 7.15.
    const interval = ratioInterval({ people: 40, reached: 36 }, { people: 80, reached: 16 });
    expect(interval.low).toBeCloseTo(2.94, 1);
    expect(interval.high).toBeCloseTo(7.15, 1);
  });

  it('equals the test inverted by brute force', () => {
    const [a, b] = [
      { people: 300, reached: 40 },
      { people: 100, reached: 8 },
    ];
    const grid = byGrid(
      a,
      b,
      0,
      5,
      (pb, r) => pb * r,
      (r) => r,
    );
    const exact = ratioInterval(a, b);
    expect(Math.abs(exact.low - grid.low)).toBeLessThan(0.01);
    expect(Math.abs(exact.high - grid.high)).toBeLessThan(0.02);
  });

  it('has no upper end where nobody held out reached the goal', () => {
    expect(ratioInterval({ people: 50, reached: 10 }, { people: 50, reached: 0 }).high).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('lift', () => {
  it('says better, worse, and no difference seen', () => {
    const holdout = { people: 1_000, reached: 100 };
    expect(liftOf({ people: 9_000, reached: 1_250 }, holdout).is).toBe('better');
    expect(liftOf({ people: 9_000, reached: 600 }, holdout).is).toBe('worse');
    expect(liftOf({ people: 90_000, reached: 9_000 }, { people: 10_000, reached: 1_000 }).is).toBe(
      'no difference seen',
    );
  });

  it('says "not enough yet" while a change that matters could hide, and how many are needed', () => {
    const lift = liftOf({ people: 900, reached: 95 }, { people: 100, reached: 9 });
    // By hand: base 0.104, changed 0.1248, z = 1.96 + 0.8416; (2.8016² (0.104·0.896 + 0.1248·0.8752/9)) / 0.0208².
    expect(lift).toMatchObject({
      is: 'not enough yet',
      needed: 1911,
      why: { of: 'noise', n: 20, least: null },
    });
    expect(lift.is === 'not enough yet' && lift.compared?.difference.low).toBeLessThan(0);
  });

  it('says nothing for 29 people or four goals', () => {
    expect(liftOf({ people: 500, reached: 50 }, { people: 29, reached: 0 })).toMatchObject({
      compared: null,
    });
    expect(liftOf({ people: 500, reached: 4 }, { people: 60, reached: 0 })).toMatchObject({ compared: null });
    expect(liftOf({ people: 0, reached: 0 }, { people: 0, reached: 0 })).toMatchObject({ needed: null });
  });

  it('sees a fifth more with about the power it promises when it has the people it asked for', () => {
    const dice = rollDice(77);
    let seen = 0;
    for (let i = 0; i < 500; i++) {
      const reach = (people: number, p: number) => {
        let reached = 0;
        for (let k = 0; k < people; k++) if (dice.chance(p)) reached += 1;
        return { people, reached };
      };
      if (liftOf(reach(1_991 * 9, 0.12), reach(1_991, 0.1)).is === 'better') seen += 1;
    }
    expect(seen / 500).toBeGreaterThan(0.72);
  });
});
