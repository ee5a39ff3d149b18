import { describe, expect, it } from 'vitest';
import { costsOf, type LeadCell } from '../../analysis/costs.ts';

const cell = (source: string, month: string, said: Partial<LeadCell>): LeadCell => ({
  source,
  month,
  cost: null,
  leads: 0,
  qualified: 0,
  won: 0,
  open: 0,
  wonValue: 0,
  ...said,
});

describe('costs', () => {
  const cells = [
    cell('ads', '2026-01', { cost: 3_000, leads: 120, qualified: 40, won: 12, open: 5, wonValue: 24_000 }),
    cell('fair', '2026-01', { cost: 900, leads: 10 }),
    cell('word of mouth', '2026-01', { leads: 50, won: 9, wonValue: 9_000 }),
    cell('ads', '2026-02', { cost: 2_000, leads: 80, qualified: 20, won: 8, open: 30, wonValue: 16_000 }),
    cell('ads', '2026-03', { leads: 33, won: 3 }),
  ];

  it('are summed by source over the months whose cost is given, and the leads of the others are left out', () => {
    const { groups, without } = costsOf(cells, 'source');
    expect(without).toBe(83);
    expect(
      groups.map(({ group, cost, leads, qualified, won, open }) => [
        group,
        cost,
        leads,
        qualified,
        won,
        open,
      ]),
    ).toEqual([
      ['ads', 5_000, 200, 60, 20, 35],
      ['fair', 900, 10, 0, 0, 0],
    ]);
  });

  it('are per lead, per qualified lead, per won deal and per unit spent', () => {
    const [ads, fair] = costsOf(cells, 'source').groups;
    expect(ads).toMatchObject({ perLead: 25, perWon: { value: 250 }, perSpent: 8 });
    // Wilson for 20/200 is 0.0657 to 0.1494, for 60/200 0.2407 to 0.3668.
    expect(ads?.perWon?.low).toBeCloseTo(25 / 0.1494, 0);
    expect(ads?.perWon?.high).toBeCloseTo(25 / 0.0657, 0);
    expect(ads?.perQualified?.value).toBeCloseTo(5_000 / 60, 9);
    expect(ads?.perQualified?.low).toBeCloseTo(25 / 0.3668, 1);
    expect(ads?.perQualified?.high).toBeCloseTo(25 / 0.2407, 1);
    // None of ten is at most 0.2775 by Wilson: a won deal costs at least 90 / 0.2775.
    expect(fair?.perWon).toEqual({
      value: Number.POSITIVE_INFINITY,
      low: expect.closeTo(90 / 0.2775, 0),
      high: Number.POSITIVE_INFINITY,
    });
    expect(fair?.perSpent).toBe(0);
  });

  it('are by month too, and all together', () => {
    expect(costsOf(cells, 'month').groups.map(({ group, cost }) => [group, cost])).toEqual([
      ['2026-01', 3_900],
      ['2026-02', 2_000],
    ]);
    expect(costsOf(cells, null).groups).toMatchObject([
      { group: 'together', cost: 5_900, leads: 210, won: 20 },
    ]);
  });

  it('are null where they would divide by nothing', () => {
    const [paid] = costsOf([cell('ads', '2026-01', { cost: 70 })], 'source').groups;
    expect(paid).toMatchObject({ perLead: null, perQualified: null, perWon: null, perSpent: 0 });
    const [free] = costsOf([cell('mouth', '2026-01', { cost: 0, leads: 5, won: 1 })], 'source').groups;
    expect(free).toMatchObject({ perLead: 0, perWon: null, perSpent: null });
  });
});
