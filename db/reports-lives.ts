// Past deals as snapshots, for the forecast: at marks a month apart, how many stood open in each stage and for how long,
// with the sums of their amounts, and in which month after the mark they were won.
import { sql } from 'kysely';
import { BAND_ENDS } from '../analysis/forecast-fold.ts';
import type { Tx } from './connect.ts';
import { sums, type WayOptions } from './reports-ways.ts';

export interface Marks {
  /** Whole milliseconds: the first mark, and how far apart they lie. */
  readonly first: number;
  readonly stepMs: number;
  readonly count: number;
}

/** Open deals that stood alike at a mark. */
export interface LifeCount {
  readonly mark: number;
  readonly stage: string;
  /** How many of the ends of bands of time in stage it has passed. */
  readonly band: number;
  /** The month after the mark in which they were won, 1 and on; null: not yet. */
  readonly months: number | null;
  readonly deals: number;
  /** Of those with an amount, and how many they are. */
  readonly priced: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

export async function readLives(tx: Tx, options: WayOptions, marks: Marks): Promise<LifeCount[]> {
  const { pipeline, from, until, at, currency } = options;
  const priced = currency === null ? sql`true` : sql`deals.currency = ${currency}`;
  /** The first mark that is not before an instant; marks and instants are whole milliseconds, so the quotient is exact. */
  const markOf = (instant: ReturnType<typeof sql>) =>
    sql`ceil((ms(${instant}) - ${marks.first}::float8) / ${marks.stepMs}::float8)`;
  const passed = BAND_ENDS.map(
    (end) => sql`(since <= mark - ${sql.lit(end)} and mark >= ${sql.lit(end)})::int`,
  );
  const band = sql`(${sql.join(passed, sql` + `)})`;
  const { rows } = await sql<LifeCount>`
    select mark, stage, band, months, count(*)::int as deals, ${sums}
    from (
      select mark::int, to_stage as stage,
        ${band} as band,
        (${markOf(sql`won_at`)} - mark)::int as months,
        case when ${priced} then nullif(deals.amount, 0) end as amount
      from (
        select deal_id, to_stage, won_at, ${markOf(sql`at`)} as since,
          coalesce(${markOf(sql`least(next_at, won_at, case when won_at is null and last_stage = any (${pipeline.lost}::text[]) then last_at end)`)}, ${marks.count}) as gone
        from (
          select deal_id, to_stage, at, lead(at) over way as next_at, first_value(at) over way as began,
            last_value(at) over way as last_at, last_value(to_stage) over way as last_stage,
            min(at) filter (where to_stage = any (${pipeline.won}::text[])) over way as won_at
          from stage_history where pipeline = ${pipeline.name} and at <= instant(${at})
          window way as (partition by deal_id order by at, id rows between unbounded preceding and unbounded following)
        ) as moved
        where began >= instant(${from}) and began < instant(${until})
      ) as stood join deals on deals.id = deal_id,
        generate_series(greatest(since, 0)::int, least(gone, ${marks.count}::int)::int - 1) as mark
      where greatest(since, 0) < least(gone, ${marks.count}::int)
    ) as lives group by mark, stage, band, months order by mark, stage, band, months`.execute(tx);
  return rows;
}
