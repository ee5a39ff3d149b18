import { describe, expect, it } from 'vitest';
import { durationsOf, velocityOf } from '../../analysis/durations.ts';
import { addMoment, meanOf, noMoments, shareOf } from '../../analysis/stats.ts';
import { quantileOf, type Spell, shareAfter, survivalOf } from '../../analysis/survival.ts';
import { coverage, rollDice } from './random.ts';

/** Published lists write 6+ for "still going on after 6". */
const read = (list: string): Spell[] =>
  list.split(' ').map((one) => ({ ms: Number.parseInt(one, 10), ended: !one.endsWith('+') }));
// Freireich et al. (1963), remission in weeks, the standing example of Gehan, Cox and the SAS and R manuals.
const treated = read('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
const placebo = read('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23');

describe('Kaplan-Meier', () => {
  it('prints the published curve of the 6-MP patients', () => {
    const curve = survivalOf(treated).curve.map(({ ms, share, atRisk, ended }) => [
      ms,
      Number(share.toFixed(3)),
      atRisk,
      ended,
    ]);
    expect(curve).toEqual([
      [6, 0.857, 21, 3],
      [7, 0.807, 17, 1],
      [10, 0.753, 15, 1],
      [13, 0.69, 12, 1],
      [16, 0.627, 11, 1],
      [22, 0.538, 7, 1],
      [23, 0.448, 6, 1],
    ]);
  });

  it('gives their published medians and log-log intervals: 23 (13 to none yet) and 8 (4 to 11)', () => {
    expect(quantileOf(survivalOf(treated))).toEqual({ ms: 23, low: 13, high: null });
    expect(quantileOf(survivalOf(placebo))).toEqual({ ms: 8, low: 4, high: 11 });
  });

  it('has the log-log interval worked by hand at 6 weeks', () => {
    // S = 18/21; Greenwood = 3/(21·18); ln(-ln S) ± 1.95996·sqrt(G)/|ln S|.
    const at = shareAfter(survivalOf(treated), 6.5);
    const spread = (1.959964 * Math.sqrt(3 / (21 * 18))) / Math.abs(Math.log(18 / 21));
    expect(at?.low).toBeCloseTo((18 / 21) ** Math.exp(spread), 6);
    expect(at?.high).toBeCloseTo((18 / 21) ** Math.exp(-spread), 6);
    expect([at?.low, at?.high]).toEqual([expect.closeTo(0.6197, 3), expect.closeTo(0.9516, 3)]);
  });

  it('is the plain share and median where everything has ended', () => {
    const survival = survivalOf(read('1 2 3 4'));
    expect(survival.curve.map(({ share }) => share)).toEqual([0.75, 0.5, 0.25, 0]);
    expect(quantileOf(survival).ms).toBe(2.5);
    expect(quantileOf(survivalOf(read('1 2 3'))).ms).toBe(2);
  });

  it("gives Wilson's interval for none of all where every spell has ended", () => {
    const all = survivalOf(read('1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'));
    // Newcombe (1998), table I: 0 of 20 is 0 to 0.1611.
    expect(shareAfter(all, 365)).toEqual({ value: 0, low: 0, high: expect.closeTo(0.1611, 4) });
    expect(quantileOf(all).high).not.toBeNull();
  });

  it('says nothing of what has not happened', () => {
    expect(quantileOf(survivalOf(read('5+ 6+')))).toEqual({ ms: null, low: null, high: null });
    expect(survivalOf([])).toEqual({ n: 0, ended: 0, open: 0, longestMs: 0, curve: [] });
    expect(shareAfter(survivalOf(read('3 5+ 6+')), 6)?.value).toBeCloseTo(2 / 3, 12);
    expect(shareAfter(survivalOf(read('3 5+ 6+')), 7)).toBeNull();
    expect(() => survivalOf([{ ms: -1, ended: true }])).toThrow(/0 ms or more/);
  });

  it.each([50, 200])(
    'has a median whose interval holds the truth 93 to 97 per cent of the time, n = %d, a third open',
    (n) => {
      const dice = rollDice(n);
      const held = coverage(3_000, 20 * Math.LN2, () => {
        const spells = Array.from({ length: n }, () => {
          const [ms, seen] = [dice.exponential(20), dice.exponential(40)];
          return { ms: Math.min(ms, seen), ended: ms <= seen };
        });
        const { low, high } = quantileOf(survivalOf(spells));
        return { low: low ?? 0, high: high ?? Number.POSITIVE_INFINITY };
      });
      expect(held).toBeGreaterThan(0.93);
      expect(held).toBeLessThan(0.97);
    },
  );

  it('does not call a stage fast because its slow deals are still open', () => {
    const dice = rollDice(8);
    const spells = Array.from({ length: 4_000 }, () => {
      const [ms, seen] = [dice.exponential(30), dice.uniform() * 40];
      return { ms: Math.min(ms, seen), ended: ms <= seen };
    });
    const closed = spells
      .filter(({ ended }) => ended)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    expect(closed[(closed.length / 2) | 0]).toBeLessThan(0.6 * 30 * Math.LN2);
    expect(quantileOf(survivalOf(spells)).ms).toBeCloseTo(30 * Math.LN2, -0.5);
  });
});

describe('time in stage', () => {
  it('has a row for each stage in order, an empty one too', () => {
    const spells = [
      ...placebo.map((spell) => ({ ...spell, stage: 'Demo' })),
      { ms: 9, ended: true, stage: 'Unknown' },
    ];
    const [lead, demo] = durationsOf(spells, ['Lead', 'Demo']);
    expect(lead).toMatchObject({ stage: 'Lead', survival: { n: 0 }, median: { ms: null } });
    expect(demo).toMatchObject({
      survival: { n: 21 },
      median: { ms: 8 },
      quarter: { ms: 4 },
      threeQuarters: { ms: 12 },
    });
  });
});

describe('velocity', () => {
  const day = 86_400_000;
  it('is open deals x win rate x average deal / days, by hand', () => {
    const velocity = velocityOf({
      openDeals: 40,
      winRate: shareOf(30, 100),
      averageDeal: { value: 10_000, low: 9_000, high: 11_500 },
      cycle: { ms: 60 * day, low: 50 * day, high: 75 * day },
    });
    expect(velocity?.value).toBeCloseTo((40 * 0.3 * 10_000) / 60, 6);
    // Wilson for 30/100 is 0.2189 to 0.3958: ln(0.3/0.2189), ln(10/9), ln(75/60) in quadrature.
    const down = Math.hypot(Math.log(0.3 / 0.2189), Math.log(10 / 9), Math.log(75 / 60));
    expect(velocity?.low).toBeCloseTo(2_000 * Math.exp(-down), -0.5);
  });

  it('is unknown while the cycle has no upper bound', () => {
    const cycle = { ms: day, low: day, high: null };
    expect(velocityOf({ openDeals: 4, winRate: shareOf(3, 9), averageDeal: null, cycle })).toBeNull();
  });

  it('holds the truth 93 to 97 per cent of the time', () => {
    const dice = rollDice(40);
    const held = coverage(1_500, (50 * 0.25 * 800) / (30 * Math.LN2), () => {
      const amounts = noMoments();
      let won = 0;
      const spells = Array.from({ length: 300 }, () => {
        if (dice.chance(0.25)) {
          won += 1;
          addMoment(amounts, dice.logNormal(800, 0.6));
        }
        return { ms: dice.exponential(30 * day), ended: true };
      });
      return velocityOf({
        openDeals: 50,
        winRate: shareOf(won, 300),
        averageDeal: meanOf(amounts),
        cycle: quantileOf(survivalOf(spells)),
      });
    });
    expect(held).toBeGreaterThan(0.93);
    expect(held).toBeLessThan(0.97);
  });
});
