// Breakers: complaints and bounces, counted over the mails of a window, warn of a workflow or a sender and then pause it.
// A pause ends by a person's hand alone; what was counted before it is not counted again. Claims ask the table (claim-rules).
import { sql } from 'kysely';
import type { Breakers } from '../engine/policy.ts';
import type { Db } from './connect.ts';

export interface Breaker {
  /** `workflow:<name>` or `sender:<domain>`. */
  readonly scope: string;
  readonly state: 'warned' | 'paused';
  readonly at: number;
  readonly why: string;
}

export interface Judging {
  readonly breakers: Breakers;
  /** Topic to the domain that sends it; `otherDomain` sends all else. */
  readonly domains: { readonly [topic: string]: string };
  readonly otherDomain: string;
  readonly now: number;
}

/**
 * Answers what was warned of or paused just now. Mails are counted only where the faults would matter if the sample were
 * the smallest one that is judged, so in good times this reads a handful of rows.
 */
export async function judgeBreakers(
  db: Db,
  { breakers, domains, otherDomain, now }: Judging,
): Promise<Breaker[]> {
  const { complaints, bounces, windowMs, atLeast } = breakers;
  const bars = JSON.stringify([
    { kind: 'complaint', ...complaints },
    { kind: 'bounce', ...bounces },
  ]);
  const domainOf = (topic: ReturnType<typeof sql>) =>
    sql`coalesce(${JSON.stringify(domains)}::jsonb ->> ${topic}, ${otherDomain})`;
  const { rows } = await sql<Breaker>`
    with bars as (select * from json_to_recordset(${bars}::json) as said(kind text, warn float8, pause float8)),
    scoped as (
      select scope, kind, count(*) as faults, max(since) as since
      from mail_faults cross join lateral (values
          ('workflow:' || workflow), ('sender:' || ${domainOf(sql`topic`)})) as scopes(scope)
        left join lateral (select since from breakers where breakers.scope = scopes.scope) as reset on true
      where mail_faults.at > greatest(instant(${now - windowMs}), coalesce(since, '-infinity'))
      group by scope, kind
    ),
    judged as (
      select scoped.scope, kind, faults, mails, warn, pause, faults::float8 / mails as rate
      from scoped join bars using (kind) cross join lateral (
        select count(*) as mails from deliveries
        where settled_at > greatest(instant(${now - windowMs}), coalesce(scoped.since, '-infinity'))
          and state in ('sent', 'refused', 'unknown') and to_contact
          and scoped.scope in ('workflow:' || workflow, 'sender:' || ${domainOf(sql`topic`)})
      ) as sent
      where faults >= ${atLeast} * warn and mails >= ${atLeast} and faults >= mails * warn
    ),
    worst as (
      select distinct on (scope) scope, case when rate >= pause then 'paused' else 'warned' end as state,
        faults || ' ' || kind || 's in ' || mails || ' mails (' || round((rate * 100)::numeric, 2) || '%)' as why
      from judged order by scope, rate >= pause desc, rate / pause desc
    )
    insert into breakers (scope, at, state, why) select scope, instant(${now}), state, why from worst order by scope
    on conflict (scope) do update set at = excluded.at, state = excluded.state, why = excluded.why
      where breakers.state = 'reset' or (breakers.state = 'warned' and excluded.state = 'paused')
    returning scope, state, ms(at) as at, why`.execute(db);
  return rows;
}

/** Paused ones first. */
export async function listBreakers(db: Db): Promise<Breaker[]> {
  const { rows } = await sql<Breaker>`
    select scope, state, ms(at) as at, why from breakers where state <> 'reset' order by state, scope`.execute(
    db,
  );
  return rows;
}

/** Answers the scopes that were warned of or paused; what they held is due now. */
export async function resetBreakers(db: Db, scopes: readonly string[], now: number): Promise<string[]> {
  const { rows } = await sql<{ scope: string }>`
    with freed as (
      update breakers set state = 'reset', since = instant(${now}), at = instant(${now})
      where scope = any(${scopes}::text[]) and state <> 'reset' returning scope
    ),
    held as materialized (
      select id from deliveries
      where settled_at is null and state = 'deferred' and why like 'paused: %' and exists (select 1 from freed)
      order by id for update
    ),
    due as (
      update deliveries set due_at = least(due_at, instant(${now})) from held where deliveries.id = held.id
    )
    select scope from freed order by scope`.execute(db);
  return rows.map((row) => row.scope);
}
