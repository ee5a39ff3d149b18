// What customers have bought after so many months of their life, by the quarter of their first purchase. A customer counts
// at an age only once it is that old, so that the young ones do not pull an old age down.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { type WayOptions, waysOf } from './reports-ways.ts';

export interface LifetimeSums {
  /** `2026-Q1`; null: all of them together. */
  readonly cohort: string | null;
  /** In whole months. */
  readonly age: number;
  /** Of what each customer has bought by then: number, mean, sums of squared and cubed deviations. */
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  readonly m3: number;
}

export async function readLifetimes(
  tx: Tx,
  options: WayOptions,
  ages: readonly number[],
): Promise<LifetimeSums[]> {
  // In numeric, which is exact: sums of powers less each other would lose digits in floats.
  const { rows } = await sql<LifetimeSums>`
    with bought as materialized (
      select contact_id, won_at, amount from ${waysOf(options)} where won_at is not null
    ),
    customers as (select contact_id, min(won_at) as first_at from bought group by contact_id),
    aged as (
      select contact_id, to_char(first_at at time zone 'UTC', 'YYYY-"Q"Q') as cohort, age,
        (first_at at time zone 'UTC' + make_interval(months => age)) at time zone 'UTC' as ripe_at
      from customers cross join unnest(${ages}::int[]) as age
    ),
    spent as (
      select contact_id, cohort, age, coalesce(sum(amount) filter (where won_at < ripe_at), 0) as total
      from aged join bought using (contact_id)
      where ripe_at <= instant(${options.at}) group by contact_id, cohort, age
    )
    select cohort, age, n, (s1 / n)::float8 as mean, (s2 - s1 * s1 / n)::float8 as m2,
      (s3 - 3 * s1 * s2 / n + 2 * s1 * s1 * s1 / (n * n::numeric))::float8 as m3
    from (
      select cohort, age, count(*)::int as n, sum(total) as s1, sum(total * total) as s2,
        sum(total * total * total) as s3
      from spent group by grouping sets ((cohort, age), (age))
    ) as summed order by cohort nulls first, age`.execute(tx);
  return rows;
}
