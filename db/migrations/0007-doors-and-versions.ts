// What an edit of a workflow needs to know: which day the next run at a door gets, since when a version is known, and
// which versions keep their people for good. Three small tables' worth of rows: the locks are held for an instant.
import { type Kysely, sql } from 'kysely';

// One row a workflow with a daily limit: the day that is being filled, and how many have been let in on it. Days fill
// in order, so this is all there is to count; a hundred entries a second rewrite it in place (HOT).
const doors = `
create table doors (
  day      date not null,
  taken    integer not null check (taken > 0),
  workflow text primary key
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
`;

// made_at never changes: a plan that is older than the one a run stands on is one that the author goes back to.
// is_pinned: the policy of a later version left its people on this one for good. The default serves programs of the
// version before, which go on beside a newer ledger until they are replaced.
const versions = `
alter table plans add column made_at timestamptz not null default now(),
  add column is_pinned boolean not null default false;
update plans set made_at = applied_at;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [doors, versions]) await sql.raw(part).execute(db);
}
