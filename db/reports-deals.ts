// Deals with their whole way, a row each, for the figures of a pipeline. Grouped in SQL and fetched by a cursor, so that a
// million stage changes are never in memory at once; one statement sees one state of the ledger.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connect.ts';

export interface DealWay {
  readonly contactId: string;
  readonly group: string;
  /** null: not known, or 0, as many systems write for what was lost. */
  readonly amount: number | null;
  readonly stages: readonly string[];
  /** Along `stages`, ascending. */
  readonly ats: readonly number[];
}

export interface WayOptions {
  readonly pipeline: string;
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

const fetched = 10_000;

export async function eachDeal(db: Db, options: WayOptions, use: (deal: DealWay) => void): Promise<void> {
  const { pipeline, from, until, at, by, currency } = options;
  const priced = currency === null ? sql`true` : sql`deals.currency = ${currency}`;
  await db.transaction().execute(async (tx) => {
    await sql`
      declare ways no scroll cursor for
      with moved as (
        select deal_id, array_agg(to_stage order by at, id) as stages, array_agg(ms(at) order by at, id) as ats
        from stage_history where pipeline = ${pipeline} and at <= instant(${at}) group by deal_id
      )
      select deals.contact_id as "contactId", coalesce(${groupOf(by)}, 'not said') as "group", stages, ats,
        case when ${priced} then nullif(deals.amount, 0) end as amount
      from moved join deals on deals.id = moved.deal_id left join contacts on contacts.id = deals.contact_id
      where ats[1] >= ${from} and ats[1] < ${until}`.execute(tx);
    for (;;) {
      const { rows } = await sql<DealWay>`fetch ${sql.lit(fetched)} from ways`.execute(tx);
      for (const deal of rows) use(deal);
      if (rows.length < fetched) break;
    }
  });
}

function groupOf(by: Cut): RawBuilder<unknown> {
  const began = sql`(to_timestamp(ats[1] / 1000) at time zone 'UTC')`;
  switch (by.is) {
    case 'all':
      return sql`'all'`;
    case 'owner':
      return sql`deals.owner`;
    case 'month':
      return sql`to_char(${began}, 'YYYY-MM')`;
    case 'quarter':
      return sql`to_char(${began}, 'YYYY-"Q"Q')`;
    case 'year':
      return sql`to_char(${began}, 'YYYY')`;
    case 'deal':
      return sql`coalesce(deals.fields ->> ${by.field}, to_jsonb(deals) ->> ${by.field})`;
    case 'contact':
      return sql`coalesce(contacts.fields ->> ${by.field}, to_jsonb(contacts) ->> ${by.field})`;
  }
}

/** In which the deals of a pipeline are priced. */
export async function readCurrencies(db: Db, pipeline: string): Promise<string[]> {
  const { rows } = await sql<{ currency: string }>`
    select distinct currency from deals where pipeline = ${pipeline} and currency is not null order by 1`.execute(
    db,
  );
  return rows.map((row) => row.currency);
}

/** When the first deal of a pipeline began; null: none did. */
export async function readBeginning(db: Db, pipeline: string): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select ms(min(at)) as at from stage_history where pipeline = ${pipeline}`.execute(db);
  return rows[0]?.at ?? null;
}
