import { describe, expect, it } from 'vitest';
import { engagementAt, fitOf, foldEvents } from '../../engine/score.ts';
import { explainEngagement, explainFit } from '../../engine/score-explain.ts';
import type { EventRule, ScoreRules } from '../../engine/score-rules.ts';
import { crossedBetween, standingAt } from '../../engine/standing.ts';
import type { Happening } from '../../engine/step.ts';
import { rollDice } from '../analysis/random.ts';

const day = 86_400_000;
const opened: EventRule = {
  id: 'opens',
  when: { type: 'mail.opened' },
  points: 1,
  cap: 5,
  halfLifeMs: 7 * day,
};
const clicked: EventRule = {
  id: 'clicks',
  when: { type: 'mail.clicked' },
  points: 5,
  cap: 20,
  halfLifeMs: 14 * day,
};
const priced: EventRule = {
  id: 'pricing',
  when: { type: 'page.viewed', where: { page: 'pricing' } },
  points: 10,
  cap: null,
  halfLifeMs: 30 * day,
};
const left: EventRule = {
  id: 'unsubscribed',
  when: { type: 'contact.unsubscribed' },
  points: -30,
  cap: 40,
  halfLifeMs: 60 * day,
};
const attended: EventRule = {
  id: 'webinar',
  when: { type: 'webinar.attended' },
  points: 15,
  cap: 30,
  halfLifeMs: null,
};
const rules = [opened, clicked, priced, left, attended];

let count = 0;
const event = (type: string, at: number, data: Happening['data'] = {}): Happening => {
  count += 1;
  return { id: String(count).padStart(9, '0'), type, at, dealId: null, data };
};

/** 50 events of one contact over a year; every tenth by a machine. */
function randomLog(seed: number, size = 50): Happening[] {
  const dice = rollDice(seed);
  const types = [
    'mail.opened',
    'mail.clicked',
    'page.viewed',
    'contact.unsubscribed',
    'webinar.attended',
    'other',
  ];
  return Array.from({ length: size }, () =>
    event(types[dice.pick([10, 6, 4, 1, 1, 2])] ?? '', Math.floor(dice.uniform() * 365 * day), {
      page: dice.chance(0.5) ? 'pricing' : 'blog',
      class: dice.chance(0.1) ? 'scanner' : 'human',
    }),
  ).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The same score by its definition: every credit that was ever given is kept, and faded from its own instant. */
function byDefinition(log: readonly Happening[], now: number): number {
  return rules.reduce((total, rule) => {
    const { type, where } = rule.when as { type: string; where?: { page: string } };
    const given: { points: number; at: number }[] = [];
    const worth = (at: number) =>
      given.reduce((sum, one) => {
        const halves = rule.halfLifeMs === null ? 0 : (at - one.at) / rule.halfLifeMs;
        return sum + one.points * 0.5 ** halves;
      }, 0);
    for (const one of log) {
      if (one.type !== type || one.data.class === 'scanner' || (where && one.data.page !== where.page))
        continue;
      const points = rule.points ?? 0;
      const room = rule.cap === null ? Number.POSITIVE_INFINITY : rule.cap - Math.abs(worth(one.at));
      given.push({
        points: Math.sign(points) * Math.max(0, Math.min(Math.abs(points), room)),
        at: one.at,
      });
    }
    return total + worth(now);
  }, 0);
}

describe('engagement', () => {
  it('halves in one half-life', () => {
    const { state } = foldEvents(rules, {}, [event('mail.clicked', 0)]);
    expect(engagementAt(rules, state, 0)).toBe(5);
    expect(engagementAt(rules, state, 14 * day)).toBe(2.5);
    expect(engagementAt(rules, state, 28 * day)).toBe(1.25);
  });

  it('credits what fits under the cap, and fades from there', () => {
    const burst = Array.from({ length: 100 }, () => event('mail.clicked', 0));
    const { state, credits } = foldEvents(rules, {}, burst);
    expect(engagementAt(rules, state, 0)).toBe(20);
    expect(engagementAt(rules, state, 14 * day)).toBe(10);
    expect(credits.slice(2, 6).map(({ credited }) => credited)).toEqual([5, 5, 0, 0]);
    const later = foldEvents(rules, state, [event('mail.clicked', 14 * day)]);
    expect(engagementAt(rules, later.state, 14 * day)).toBe(15);
  });

  it('holds a loss by its cap as well', () => {
    const { state } = foldEvents(rules, {}, [
      event('contact.unsubscribed', 0),
      event('contact.unsubscribed', 0),
    ]);
    expect(engagementAt(rules, state, 0)).toBe(-40);
  });

  it('is earned by people alone', () => {
    const events = ['scanner', 'proxy', 'unknown'].map((by) => event('mail.clicked', 0, { class: by }));
    expect(foldEvents(rules, {}, events).credits).toEqual([]);
    expect(foldEvents(rules, {}, [event('mail.clicked', 0, { class: 'human' })]).credits).toHaveLength(1);
  });

  it('kept running equals the definition over the whole log to 1e-9, for 10,000 contacts with 50 events each', () => {
    const now = 400 * day;
    let worst = 0;
    for (let contact = 0; contact < 10_000; contact++) {
      const log = randomLog(contact);
      let state = {};
      for (const one of log) state = foldEvents(rules, state, [one]).state;
      worst = Math.max(worst, Math.abs(engagementAt(rules, state, now) - byDefinition(log, now)));
    }
    expect(worst).toBeLessThan(1e-9);
  });

  it('is the same however the log is cut into batches, and whatever the order inside one', () => {
    const log = randomLog(4, 200);
    const whole = foldEvents(rules, {}, log).state;
    const [first, second] = [log.slice(0, 77).reverse(), log.slice(77)];
    expect(foldEvents(rules, foldEvents(rules, {}, first).state, second).state).toEqual(whole);
  });

  it('asks for the log again when an event comes late, and leaves the state alone', () => {
    const { state } = foldEvents(rules, {}, [event('mail.clicked', 10 * day)]);
    const late = foldEvents(rules, state, [event('mail.clicked', 3 * day)]);
    expect(late).toEqual({ state, credits: [], isLate: true });
    expect(foldEvents(rules, state, [event('mail.opened', 3 * day)]).isLate).toBe(false);
  });

  it('forgets a rule that is no longer in the file', () => {
    const { state } = foldEvents(rules, {}, [event('mail.clicked', 0), event('mail.opened', 0)]);
    expect(engagementAt([opened], state, 0)).toBe(1);
  });

  it('rescans a million events', () => {
    const log = randomLog(99, 1_000);
    let credits = 0;
    for (let contact = 0; contact < 1_000; contact++) credits += foldEvents(rules, {}, log).credits.length;
    expect(credits).toBe(1_000 * foldEvents(rules, {}, log).credits.length);
  });
});

describe('an explanation', () => {
  it('lists every event with its age and what is left of it, and adds up to the score', () => {
    const log = randomLog(12);
    const now = 380 * day;
    const lines = explainEngagement(rules, log, now);
    const { state } = foldEvents(rules, {}, log);
    expect(lines.reduce((sum, line) => sum + line.now, 0)).toBeCloseTo(engagementAt(rules, state, now), 9);
    const line = explainEngagement(rules, [event('mail.clicked', 0)], 28 * day)[0];
    expect(line).toMatchObject({
      rule: 'clicks',
      ageMs: 28 * day,
      points: 5,
      credited: 5,
      left: 0.25,
      now: 1.25,
    });
  });

  it('leaves out what has not happened yet, and shows what the cap took', () => {
    const lines = explainEngagement(
      [opened],
      Array.from({ length: 7 }, (_, i) => event('mail.opened', i)),
      5,
    );
    expect(lines.map(({ points }) => points)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(lines.at(-1)?.credited).toBeLessThan(1e-6);
  });

  it('of fit shows each rule, whether it holds or not', () => {
    const fit = [
      { id: 'budget', condition: 'deal.amount >= 1000', points: 20 },
      { id: 'need', condition: 'contact.need', points: 10 },
    ];
    const test = (condition: string) => condition.startsWith('deal');
    expect(fitOf(fit, test)).toBe(20);
    expect(explainFit(fit, test).map(({ holds, points }) => [holds, points])).toEqual([
      [true, 20],
      [false, 0],
    ]);
  });
});

describe('a standing', () => {
  const file: ScoreRules = {
    fit: [],
    engagement: rules,
    grades: { fit: [60, 30], engagement: [20, 10] },
    thresholds: [
      { name: 'MQL', score: 'total', at: 60 },
      { name: 'SQL', score: 'total', at: 80 },
      { name: 'fits', score: 'fit', at: 50 },
    ],
  };
  it('has grade and thresholds at the value or over', () => {
    const { state } = foldEvents(
      rules,
      {},
      Array.from({ length: 4 }, () => event('mail.clicked', 0)),
    );
    expect(standingAt(file, 60, state, 0)).toEqual({
      fit: 60,
      engagement: 20,
      total: 80,
      grade: 'A1',
      reached: ['MQL', 'SQL', 'fits'],
    });
    expect(standingAt(file, 59, state, 14 * day)).toMatchObject({ grade: 'B2', reached: ['MQL', 'fits'] });
    expect(standingAt({ ...file, grades: null }, 0, {}, 0)).toMatchObject({ grade: null, reached: [] });
    expect(standingAt(file, 29, {}, 0).grade).toBe('C3');
  });

  it('differs from another by the thresholds crossed', () => {
    const [low, high] = [standingAt(file, 40, {}, 0), standingAt(file, 70, {}, 0)];
    expect(crossedBetween(low, high)).toEqual({ up: ['MQL', 'fits'], down: [] });
    expect(crossedBetween(high, low)).toEqual({ up: [], down: ['MQL', 'fits'] });
  });
});
