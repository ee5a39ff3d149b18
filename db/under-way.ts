// Who is under way, counted: by version and step; where a wait was edited, by the zones that its days are reckoned in;
// and of those, who came before a moment. Each is one grouped statement over open runs, for a person who asks: nothing
// per contact, whatever the ledger holds.
import { type RawBuilder, sql } from 'kysely';
import type { Crowd } from '../engine/plan-diff.ts';
import type { Db, Tx } from './connect.ts';

export async function countCrowds(db: Db | Tx): Promise<readonly Crowd[]> {
  const { rows } = await sql<Crowd>`
    select workflow, plan_hash as plan, node, count(*)::int as people
    from runs where ended_at is null group by 1, 2, 3 order by 1, 2, 3`.execute(db);
  return rows;
}

/** Part of a crowd whose days and business hours are the same. */
export interface Zoned {
  readonly plan: string;
  readonly node: string;
  readonly timezone: string | null;
  /** Of the deal. */
  readonly owner: string | null;
  readonly people: number;
}

export type CrowdName = Pick<Crowd, 'plan' | 'node'>;

export async function countZones(db: Db | Tx, crowds: readonly CrowdName[]): Promise<readonly Zoned[]> {
  if (crowds.length === 0) return [];
  const { rows } = await sql<Zoned>`
    select plan_hash as plan, runs.node, timezone, deals.owner, count(*)::int as people
    from json_to_recordset(${JSON.stringify(crowds)}::json) as said(plan text, node text)
      join runs on plan_hash = said.plan and runs.node = said.node and ended_at is null
      left join contacts on contacts.id = runs.contact_id
      left join deals on deals.id = runs.deal_id
    group by 1, 2, 3, 4`.execute(db);
  return rows;
}

/** Those of a zone who came to the step at this instant or before. */
export type Early = Omit<Zoned, 'people'> & { readonly at: number };

/** null as a name of its own: what is compared by = is hashed, and nobody is held against each window in turn. */
const named = (name: RawBuilder<unknown>) => sql`coalesce('=' || ${name}, '')`;

/** How many of each crowd are among them. */
export async function countEarly(
  db: Db | Tx,
  windows: readonly Early[],
): Promise<readonly (CrowdName & { readonly people: number })[]> {
  if (windows.length === 0) return [];
  const { rows } = await sql<CrowdName & { people: number }>`
    with said as materialized (
      select plan, node, ${named(sql.ref('timezone'))} as timezone, ${named(sql.ref('owner'))} as owner, instant(at) as at
      from json_to_recordset(${JSON.stringify(windows)}::json) as said(plan text, node text, timezone text, owner text,
        at double precision)
    ),
    standing as (
      select plan_hash as plan, runs.node, node_at, ${named(sql.ref('contacts.timezone'))} as timezone,
        ${named(sql.ref('deals.owner'))} as owner
      from runs
        left join contacts on contacts.id = runs.contact_id
        left join deals on deals.id = runs.deal_id
      where ended_at is null and plan_hash = any(${[...new Set(windows.map(({ plan }) => plan))]}::text[])
    )
    select plan, node, count(*)::int as people
    from standing join said using (plan, node, timezone, owner) where node_at <= at group by 1, 2`.execute(
    db,
  );
  return rows;
}

/** What is queued, and has not left, of these steps of runs on these versions. */
export async function countQueued(
  db: Db | Tx,
  crowds: readonly CrowdName[],
): Promise<readonly (CrowdName & { readonly deliveries: number })[]> {
  if (crowds.length === 0) return [];
  const { rows } = await sql<CrowdName & { deliveries: number }>`
    select plan_hash as plan, deliveries.node, count(*)::int as deliveries
    from json_to_recordset(${JSON.stringify(crowds)}::json) as said(plan text, node text)
      join runs on plan_hash = said.plan and ended_at is null
      join deliveries on deliveries.run_id = runs.id and deliveries.node = said.node and settled_at is null
    where state in ('queued', 'deferred', 'sending') group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** Contacts who have a run on one of these versions, but for those named. */
export async function listOn(
  db: Db | Tx,
  plans: readonly string[],
  { except, limit }: { readonly except: readonly string[]; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct id from (
      select contact_id::text as id from runs
      where plan_hash = any(${plans}::text[]) and ended_at is null and not contact_id = any(${except}::bigint[])
      limit ${limit}
    ) as standing`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countOn(db: Db | Tx, plans: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from runs where plan_hash = any(${plans}::text[]) and ended_at is null`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}
