// Old detail goes: the history lines, deliveries and hits of runs that ended long ago. The runs themselves stay, because
// "never again" and every report count them; so do events, which scores and backtests are folded from.
// Promises: one bounded statement; a delivery of an open run is never touched, because its key keeps it from being
// queued twice.
import { sql } from 'kysely';
import type { Db } from './connect.ts';

export interface PruneOptions {
  /** Runs that ended before this instant. */
  readonly before: number;
  /** Runs at most, so that the statement stays short; call it again while it answers as many. */
  readonly limit: number;
}

/** Answers how many runs were stripped. */
export async function prune(db: Db, { before, limit }: PruneOptions): Promise<number> {
  const { rows } = await sql<{ runs: number }>`
    with old as materialized (
      select id from runs
      where ended_at < instant(${before}) and not is_pruned
        and not exists (select 1 from deliveries where run_id = runs.id and settled_at is null)
      order by ended_at limit ${limit} for update skip locked
    ),
    stripped as (
      update runs set is_pruned = true from old where runs.id = old.id
    ),
    lines as (
      delete from run_history using old where run_history.run_id = old.id
    ),
    letters as (
      delete from deliveries using old where deliveries.run_id = old.id returning deliveries.id
    ),
    looks as (
      delete from hits using letters where hits.delivery_id = letters.id
    )
    select count(*)::int as runs from old`.execute(db);
  return rows[0]?.runs ?? 0;
}
