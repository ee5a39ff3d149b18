// A past of many stage changes, written straight into the ledger: deals of five owners over three years that go forward,
// skip, go back, are lost, won or still open, and customers who buy again. Drawn by a hash of the deal's number, so that
// every run counts the same.
import { sql } from 'kysely';
import type { Db } from '../db/connect.ts';

/** How many stage changes were written: the deals whose ways together have at least `count`. */
export async function addStageChanges(db: Db, count: number, until: number): Promise<number> {
  const deals = Math.ceil(count / 4);
  const draw = (salt: string) =>
    sql`(hashint4extended(n, ${sql.lit(salt.charCodeAt(0))}) & 1048575) / 1048576.0::float8`;
  await sql`
    insert into contacts (key, created_at, updated_at, facts_at)
    select 'past-' || n, now(), now(), now() from generate_series(1, ${Math.ceil(deals * 0.8)}::int) as n`.execute(
    db,
  );
  await sql`
    insert into deals (id, key, contact_id, pipeline, stage, stage_at, title, amount, currency, owner, fields, created_at, updated_at, facts_at)
    select n, 'past-' || n, (1 + n % ${Math.ceil(deals * 0.8)}), 'sales', 'Lead', now(), 'Pumps',
      case when ${draw('a')} < 0.05 then null else round((200 * exp(4 * ${draw('b')}))::numeric, 2) end,
      'EUR', 'owner-' || n % 5, jsonb_build_object('product', 'line ' || n % 4), now(), now(), now()
    from generate_series(1, ${deals}::int) as n`.execute(db);
  // Each path is a string of places: 1 to 4 are the stages, W wins, L loses.
  const paths = [
    ...Array(4).fill('1L'),
    ...Array(3).fill('12L'),
    ...Array(4).fill('123L'),
    ...Array(3).fill('1234L'),
    ...Array(6).fill('1234W'),
    ...Array(2).fill('124W'),
    ...Array(2).fill('12323W'),
    '13242L',
    '1234212W',
    '123LW',
    '12',
    '123',
    '1234',
  ];
  const begins = sql`instant(${until - 1095 * 86_400_000}) + ${draw('c')} * interval '1080 days'`;
  const { numAffectedRows } = await sql`
    insert into stage_history (deal_id, contact_id, at, late, pipeline, to_stage)
    select n, (1 + n % ${Math.ceil(deals * 0.8)}), at, false, 'sales',
      case letter when 'W' then 'Won' when 'L' then 'Lost' else (array['Lead', 'Qualification', 'Proposal', 'Negotiation'])[letter::int] end
    from generate_series(1, ${deals}::int) as n,
      lateral (select (${sql.val(paths)}::text[])[1 + (${draw('d')} * ${paths.length})::int % ${paths.length}] as path) as drawn,
      lateral (
        select letter, date_trunc('milliseconds', ${begins} + sum(case when place = 1 then 0 else
          ((hashint4extended(n, place) & 1048575) / 1048576.0::float8) ^ 2 * 40 end) over (order by place) * interval '1 day') as at
        from regexp_split_to_table(path, '') with ordinality as way(letter, place)) as walked
    where at <= instant(${until})
    order by at`.execute(db);
  await sql`vacuum analyze`.execute(db);
  return Number(numAffectedRows ?? 0);
}
