// The ways of a pipeline's deals, counted where they lie: each read answers a row per group of deals that went alike, so
// that a million stage changes come out as hundreds of rows. Figures that belong together are read in one state of the ledger.
import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from './connect.ts';

export interface WayOptions {
  readonly pipeline: {
    readonly name: string;
    readonly won: readonly string[];
    readonly lost: readonly string[];
  };
  /** Deals that began in [from, until). */
  readonly from: number;
  readonly until: number;
  /** What came later did not happen yet. */
  readonly at: number;
  readonly by: Cut;
  /** Amounts in another one are not known; null: whatever they are in. */
  readonly currency: string | null;
}

/** What deals are grouped by. */
export type Cut =
  | { readonly is: 'all' | 'owner' | 'month' | 'quarter' | 'year' }
  | { readonly is: 'deal' | 'contact'; readonly field: string };

/**
 * Several reads of one state. A whole pipeline is read, already sorted by its index: nested loops and further sorts come
 * of misjudged filters alone (spells of a million changes: 5.9 s of processor with them, 2.4 s without), and compiling takes longer
 * than it saves.
 */
export function readAtOnce<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`
        select set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
          set_config('enable_nestloop', 'off', true), set_config('enable_sort', 'off', true)`.execute(tx);
      return read(tx);
    });
}

/** One row per deal: contact_id, "group", amount (null: not known, or 0, as many write for what was lost), stages, began, won_at, lost_at. */
export function waysOf({ pipeline, from, until, at, by, currency }: WayOptions): RawBuilder<unknown> {
  const priced = currency === null ? sql`true` : sql`deals.currency = ${currency}`;
  const { name, won, lost } = pipeline;
  return sql`(
    with moved as (
      select deal_id, array_agg(to_stage order by at, id) as stages, min(at) as began, max(at) as last_at,
        min(at) filter (where to_stage = any (${won}::text[])) as won_at
      from stage_history where pipeline = ${name} and at <= instant(${at}) group by deal_id
    )
    select deals.contact_id, coalesce(${groupOf(by)}, 'not said') as "group", stages, began, won_at,
      case when ${priced} then nullif(deals.amount, 0) end as amount,
      case when won_at is null and stages[cardinality(stages)] = any (${lost}::text[]) then last_at end as lost_at
    from moved join deals on deals.id = moved.deal_id left join contacts on contacts.id = deals.contact_id
    where began >= instant(${from}) and began < instant(${until})
  ) as ways`;
}

function groupOf(by: Cut): RawBuilder<unknown> {
  const begun = sql`(began at time zone 'UTC')`;
  switch (by.is) {
    case 'all':
      return sql`'all'`;
    case 'owner':
      return sql`deals.owner`;
    case 'month':
      return sql`to_char(${begun}, 'YYYY-MM')`;
    case 'quarter':
      return sql`to_char(${begun}, 'YYYY-"Q"Q')`;
    case 'year':
      return sql`to_char(${begun}, 'YYYY')`;
    case 'deal':
      return sql`coalesce(deals.fields ->> ${by.field}, to_jsonb(deals) ->> ${by.field})`;
    case 'contact':
      return sql`coalesce(contacts.fields ->> ${by.field}, to_jsonb(contacts) ->> ${by.field})`;
  }
}

/** Counts and sums of amount, its square and its cube, exact (numeric) until they leave the ledger. */
export const sums = sql`
  count(amount)::int as priced, coalesce(sum(amount), 0)::float8 as first,
  coalesce(sum(amount * amount), 0)::float8 as second, coalesce(sum(amount * amount * amount), 0)::float8 as third`;

/** Deals that went one way. */
export interface FunnelWay {
  readonly group: string;
  readonly stages: readonly string[];
  readonly deals: number;
  /** Of them, those with an amount; the sums are of these. */
  readonly priced: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

export async function readFunnelWays(tx: Tx, options: WayOptions): Promise<FunnelWay[]> {
  const { rows } = await sql<FunnelWay>`
    select "group", stages, count(*)::int as deals, ${sums}
    from ${waysOf(options)} group by "group", stages order by "group", stages`.execute(tx);
  return rows;
}
