import { describe, expect, it } from 'vitest';
import { nextCrossing, sumAt, type Term } from '../../engine/decay.ts';
import { foldEvents } from '../../engine/score.ts';
import type { EventRule, ScoreRules } from '../../engine/score-rules.ts';
import { nextLevel, nextThreshold, standingAt } from '../../engine/standing.ts';
import { rollDice } from '../analysis/random.ts';

const day = 86_400_000;
const term = (value: number, halfLifeDays: number | null, at = 0): Term => ({
  value,
  at,
  halfLifeMs: halfLifeDays === null ? null : halfLifeDays * day,
});

/** Walks in steps of an hour, then halves the hour: no formula shared. Crossings closer than an hour are missed. */
function byWalking(terms: readonly Term[], level: number, days: number): number | null {
  const here = sumAt(terms, 0) >= level;
  for (let at = 3_600_000; at <= days * day; at += 3_600_000) {
    if (sumAt(terms, at) >= level === here) continue;
    let [low, high] = [at - 3_600_000, at];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (sumAt(terms, middle) >= level === here) low = middle;
      else high = middle;
    }
    return high;
  }
  return null;
}

describe('the instant at which decay crosses a level', () => {
  it('is h x log2(value / level) for a single half-life, to the millisecond', () => {
    const at = 14 * day * Math.log2(80 / 60);
    expect(nextCrossing([term(80, 14)], 60, 0)).toEqual({ at: Math.floor(at) + 1, isUp: false });
    // Two terms of one half-life are one; a term begun earlier counts from its own instant.
    const joined = nextCrossing([term(40, 14), term(80, 14, -14 * day)], 60, 0);
    expect(joined?.at).toBe(Math.floor(at) + 1);
  });

  it('is the next millisecond for a score that stands exactly at the level', () => {
    expect(nextCrossing([term(60, 14)], 60, 0)).toEqual({ at: 1, isUp: false });
  });

  it('does not come for points that never fade, nor for a level that is never met', () => {
    expect(nextCrossing([term(80, null)], 60, 0)).toBeNull();
    expect(nextCrossing([term(20, 7), term(61, null)], 60, 0)).toBeNull();
    expect(nextCrossing([term(40, 7)], 60, 0)).toBeNull();
    expect(nextCrossing([], 60, 0)).toBeNull();
    expect(nextCrossing([term(40, 7)], 0, 0)).toBeNull();
  });

  it('is upwards where a penalty fades first', () => {
    const crossing = nextCrossing([term(100, 60), term(-60, 5)], 60, 0);
    expect(crossing?.isUp).toBe(true);
    expect(crossing?.at).toBe(byWalking([term(100, 60), term(-60, 5)], 60, 100));
  });

  it('equals walking there, for 500 sums of up to five half-lives of both signs', () => {
    const dice = rollDice(17);
    let found = 0;
    for (let i = 0; i < 500; i++) {
      const terms = Array.from({ length: 1 + dice.below(5) }, () =>
        term(
          (dice.chance(0.7) ? 1 : -1) * Math.round(1 + 60 * dice.uniform()),
          dice.chance(0.1) ? null : 1 + dice.below(40),
        ),
      );
      const level = Math.round(-10 + 80 * dice.uniform()) + 0.5;
      const walked = byWalking(terms, level, 200);
      const crossing = nextCrossing(terms, level, 0);
      if (walked === null) expect(crossing === null || crossing.at > 200 * day).toBe(true);
      else {
        found += 1;
        expect(crossing?.at).toBe(walked);
      }
    }
    expect(found).toBeGreaterThan(150);
  });
});

describe('the next threshold', () => {
  const clicks: EventRule = {
    id: 'clicks',
    when: { type: 'mail.clicked' },
    points: 10,
    cap: 40,
    halfLifeMs: 14 * day,
  };
  const file: ScoreRules = {
    fit: [],
    engagement: [clicks],
    grades: null,
    thresholds: [
      { name: 'MQL', score: 'total', at: 60 },
      { name: 'warm', score: 'engagement', at: 30 },
      { name: 'fits', score: 'fit', at: 30 },
    ],
  };
  const events = [0, 1, 2, 3].map((i) => ({
    id: `e${i}`,
    type: 'mail.clicked',
    at: i * day,
    dealId: null,
    data: {},
  }));
  const { state } = foldEvents([clicks], {}, events);

  it('is crossed at its instant and not a millisecond before', () => {
    const next = nextThreshold(file, 30, state, 3 * day);
    expect(next).toMatchObject({ threshold: { name: expect.stringMatching(/MQL|warm/) }, isUp: false });
    if (!next) throw new Error('it fades');
    expect(standingAt(file, 30, state, next.at - 1).reached).toEqual(['MQL', 'warm', 'fits']);
    expect(standingAt(file, 30, state, next.at).reached).not.toContain(next.threshold.name);
  });

  it('counts fit towards the total, and comes to nothing once all is crossed', () => {
    expect(nextThreshold(file, 35, state, 3 * day)?.threshold.name).toBe('warm');
    expect(nextThreshold(file, 70, state, 60 * day)).toBeNull();
  });

  it('is told for any level that a wait names', () => {
    expect(nextLevel(file, state, 12.5, 3 * day)?.isUp).toBe(false);
  });
});
