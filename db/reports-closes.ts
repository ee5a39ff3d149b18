// What closed deals came to by group, and when customers bought again: counts and moments, reckoned in the ledger.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { countSpells, type Grain, type SpellCount } from './reports-spells.ts';
import { type WayOptions, waysOf } from './reports-ways.ts';

export interface GroupCloses {
  readonly group: string;
  readonly won: number;
  readonly lost: number;
  readonly open: number;
  /** Won deals whose amount is not known. */
  readonly unpriced: number;
  /** Of the amounts of the others: number, mean, sums of squared and cubed deviations. */
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
}

export async function readCloses(tx: Tx, options: WayOptions): Promise<GroupCloses[]> {
  // In numeric, which is exact: sums of powers less each other would lose digits in floats.
  const { rows } = await sql<GroupCloses>`
    select "group", won, lost, open, won - n as unpriced, n, coalesce(s1 / nullif(n, 0), 0)::float8 as mean,
      coalesce(s2 - s1 * s1 / nullif(n, 0), 0)::float8 as m2,
      coalesce(s3 - 3 * s1 * s2 / nullif(n, 0) + 2 * s1 * s1 * s1 / nullif(n * n::numeric, 0), 0)::float8 as m3
    from (
      select "group", count(won_at)::int as won, count(lost_at)::int as lost,
        (count(*) - count(won_at) - count(lost_at))::int as open,
        count(amount) filter (where won_at is not null)::int as n,
        sum(amount) filter (where won_at is not null) as s1,
        sum(amount * amount) filter (where won_at is not null) as s2,
        sum(amount * amount * amount) filter (where won_at is not null) as s3
      from ${waysOf(options)} group by "group"
    ) as summed order by "group"`.execute(tx);
  return rows;
}

/** Time from a customer's first purchase to the second; those without one so far are open. */
export const readReturns = (tx: Tx, options: WayOptions, grain: Grain): Promise<SpellCount[]> =>
  countSpells(
    tx,
    sql`
      select bought[2] is not null as ended, ms(coalesce(bought[2], instant(${options.at}))) - ms(bought[1]) as lasted
      from (
        select array_agg(won_at order by won_at) as bought from ${waysOf(options)}
        where won_at is not null group by contact_id
      ) as customers`,
    grain,
  );
