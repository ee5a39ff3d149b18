// Leads by the month in which they began and by where they came from: how many, how many came to the stages that count as
// qualified, how many are won and open, and what the won ones are worth.
import { sql } from 'kysely';
import type { Tx } from './connect.ts';
import { type WayOptions, waysOf } from './reports-ways.ts';

export interface LeadCount {
  /** What the deals are grouped by. */
  readonly source: string;
  /** `2026-01`, in UTC. */
  readonly month: string;
  readonly leads: number;
  readonly qualified: number;
  readonly won: number;
  readonly open: number;
  readonly wonValue: number;
}

export async function countLeads(
  tx: Tx,
  options: WayOptions,
  qualifying: readonly string[],
): Promise<LeadCount[]> {
  const { rows } = await sql<LeadCount>`
    select "group" as source, month, count(*)::int as leads,
      count(*) filter (where stages && ${qualifying}::text[])::int as qualified,
      count(won_at)::int as won, (count(*) - count(won_at) - count(lost_at))::int as open,
      coalesce(sum(amount) filter (where won_at is not null), 0)::float8 as "wonValue"
    from (select *, to_char(began at time zone 'UTC', 'YYYY-MM') as month from ${waysOf(options)}) as led
    group by "group", month order by month, "group"`.execute(tx);
  return rows;
}
