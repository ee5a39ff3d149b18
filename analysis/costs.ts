// What leads cost where costs are given: for each lead, each qualified one, each deal won. The costs are known to the penny;
// how many of the leads qualify and are won is a matter of chance, and that is what the intervals are of. Open deals may
// still be won: all is "so far", and a young month looks dearer than it will be.
import { type Estimate, inverse, shareOf } from './stats.ts';

/** The leads of a source and month, and what was paid for them; null: not given. */
export interface LeadCell {
  readonly source: string;
  readonly month: string;
  readonly cost: number | null;
  readonly leads: number;
  /** null: nothing says which leads are. */
  readonly qualified: number | null;
  readonly won: number;
  readonly open: number;
  readonly wonValue: number;
}
export interface Cost extends Omit<LeadCell, 'source' | 'month' | 'cost'> {
  readonly group: string;
  readonly cost: number;
  /** null without leads. */
  readonly perLead: number | null;
  /** With the interval that the share of its leads has; value and high are Infinity while there is none. */
  readonly perQualified: Estimate | null;
  readonly perWon: Estimate | null;
  /** Value won for each unit spent; null where nothing was spent. */
  readonly perSpent: number | null;
}
export interface Costs {
  readonly groups: readonly Cost[];
  /** Leads of sources and months of which no cost is given: they are in none of the groups. */
  readonly without: number;
}

/** One row per source or month, in the order in which they come; a cell whose cost is not given is left out whole. */
export function costsOf(cells: readonly LeadCell[], by: 'source' | 'month' | null, level = 0.95): Costs {
  const groups = new Map<string, LeadCell & { readonly cost: number }>();
  let without = 0;
  for (const { cost, ...cell } of cells) {
    if (cost === null) {
      without += cell.leads;
      continue;
    }
    const group = by === null ? 'together' : cell[by];
    const known = groups.get(group);
    groups.set(group, known === undefined ? { ...cell, cost } : add(known, { ...cell, cost }));
  }
  return { groups: [...groups].map(([group, sum]) => costOf(group, sum, level)), without };
}

function add(a: LeadCell & { cost: number }, b: LeadCell & { cost: number }): LeadCell & { cost: number } {
  return {
    ...a,
    cost: a.cost + b.cost,
    leads: a.leads + b.leads,
    qualified: a.qualified === null || b.qualified === null ? null : a.qualified + b.qualified,
    won: a.won + b.won,
    open: a.open + b.open,
    wonValue: a.wonValue + b.wonValue,
  };
}

function costOf(group: string, sum: LeadCell & { cost: number }, level: number): Cost {
  const { source: _, month: __, ...counts } = sum;
  const { cost, leads, qualified, won, wonValue } = sum;
  const perLead = leads > 0 ? cost / leads : null;
  const per = (count: number | null): Estimate | null => {
    const share = count === null ? null : shareOf(count, leads, level);
    if (share === null || perLead === null || perLead === 0) return null;
    const { low, high } = inverse(share);
    return { value: cost / share.count, low: perLead * low, high: perLead * high };
  };
  return {
    ...counts,
    group,
    perLead,
    perQualified: per(qualified),
    perWon: per(won),
    perSpent: cost > 0 ? wonValue / cost : null,
  };
}
